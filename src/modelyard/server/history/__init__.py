"""What happened: everything that changed in a project or the installation, to be read, searched and kept."""
