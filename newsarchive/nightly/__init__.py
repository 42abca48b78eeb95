"""The unattended crawl: which sites are due, one run of them under a watchdog, its record, health and telling people."""
