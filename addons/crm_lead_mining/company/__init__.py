"""What a company and a contact are: plain Python, below everything else."""
