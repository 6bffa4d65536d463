"""Our small framework: sessions, pages, problems, blobs, jobs. It knows no word of the product."""
