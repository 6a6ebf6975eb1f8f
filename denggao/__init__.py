"""Denggao: the open platform on which a region runs its workers' skills programme."""
