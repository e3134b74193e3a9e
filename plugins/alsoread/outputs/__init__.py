"""What a digest gives besides its pages: sitemap and robots.txt, as text."""
