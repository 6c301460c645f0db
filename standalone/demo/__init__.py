"""An invented clinic to look at: `builder.build()` fills an empty database. Every name here is made up."""
