"""How far people agree, and what they say together; numbers in, numbers out."""
