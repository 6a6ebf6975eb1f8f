"""Every write of reviews: the register (``experts``), panels and their chair (``panels``), conflicts (``conflicts``), who is
asked (``assigning``); rubrics, scores, visits, closing and ranking beside them."""
