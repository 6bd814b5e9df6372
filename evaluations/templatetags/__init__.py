"""What templates of lower floors show of this one."""
