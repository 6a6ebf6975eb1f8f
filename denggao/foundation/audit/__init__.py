"""The action decorator and the tamper-evident record of every action."""
