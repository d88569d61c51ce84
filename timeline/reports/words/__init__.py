"""What the commands print, in words: lines of their JSON, a room a family. Asks nothing and prints nothing."""
