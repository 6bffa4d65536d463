"""Boxes, polygons, masks and their kin, in absolute pixels of the upright image; pure, and no file is touched."""
