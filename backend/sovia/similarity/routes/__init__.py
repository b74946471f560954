"""Similar posts over HTTP: the documented list, and questions with several anchors."""
