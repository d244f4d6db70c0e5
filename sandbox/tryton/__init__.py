"""A real Tryton for the demo and the tests: installed apart, bootstrapped once, cloned per run."""
