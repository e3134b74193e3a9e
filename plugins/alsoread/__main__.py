"""``python -m alsoread``: the command line without its launcher."""

from alsoread.cli import main

if __name__ == "__main__":
    main()
