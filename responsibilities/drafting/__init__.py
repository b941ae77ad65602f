"""A first plan folder from a plan's own text: rules and general word lists, nothing learnt."""
