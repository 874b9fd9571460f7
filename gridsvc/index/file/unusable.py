"""What is wrong with a file of an edition. Nobody who asks for an answer sees it: the file is made anew."""


class UnusableIndex(Exception):
    """A file is damaged, cut off, of another version or of another edition. The message goes on where a sentence begins
    with the file.
    """
