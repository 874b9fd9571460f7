"""A layer's life before it is public: formats, normalising, checks, drafts, publishing, export, the sample city."""
