"""What single scripts add to the idea of a word: particles after it, prefix letters before it."""
