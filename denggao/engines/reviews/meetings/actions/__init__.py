"""Every write of meetings: planning them (``planning``), who is in the room (``sitting``), who is recused (``recusing``), the votes
(``voting``), their end and the minutes (``closing``)."""
