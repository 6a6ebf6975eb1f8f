"""Skill levels: level certificates and the goal of raised workers."""
