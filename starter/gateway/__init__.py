"""The HTTP gateway: partners' events in, people's decisions in, projections out."""
