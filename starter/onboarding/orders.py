"""An order from a file: by itself, or inside what `p2p order show --json` prints."""

from pathlib import Path

from pydantic import ValidationError

from adapters.bad_document import BadDocumentError
from adapters.strict_json import parse
from adapters.yaml_files import ConfigurationError
from domain.purchase_order import PurchaseOrder


def load_order(path: Path) -> PurchaseOrder:
    """Read an order. Raises ConfigurationError."""
    try:
        content = parse(path.read_bytes())
        shown = content.get("order", content) if isinstance(content, dict) else content
        return PurchaseOrder.model_validate(shown)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error
    except BadDocumentError as error:
        raise ConfigurationError(f"{path}: {error}") from error
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        listed = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'the order'}: {fault['msg']}" for fault in faults[:5])
        raise ConfigurationError(f"{path}: {listed}") from error
