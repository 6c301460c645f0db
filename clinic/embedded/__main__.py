from clinic.embedded.commands import main

main()
