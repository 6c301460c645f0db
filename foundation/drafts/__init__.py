"""A form that was sent and not accepted is kept, sealed and for hours, so that nothing typed in it is lost."""
