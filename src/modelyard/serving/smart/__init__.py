"""From a box, clicks or a walk along an edge to a mask or an outline. No database, no torch."""
