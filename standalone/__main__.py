from standalone.commands import main

main()
