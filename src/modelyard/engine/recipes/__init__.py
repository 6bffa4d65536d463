"""How models are trained: a registry of recipes, each a card and a function, and the choice between them."""

from modelyard.engine.recipes import head
from modelyard.engine.recipes._card import Choice, Recipe, RecipeCard, TrainConfig, TrainData, TrainedHead
from modelyard.errors import Invalid
from modelyard.registry import Registry

__all__ = [
    "RECIPES",
    "Choice",
    "NoRecipe",
    "Recipe",
    "RecipeCard",
    "TrainConfig",
    "TrainData",
    "TrainedHead",
    "choose",
    "explain",
    "has_recipe",
]


class NoRecipe(Invalid):
    """There is no recipe for this kind of task."""


RECIPES: Registry[Recipe] = Registry("recipe")
RECIPES.add(head.CARD.name, Recipe(head.CARD, head.train))


def choose(name: str = "auto", *, task: str = "classification") -> str:
    """Return the name of the recipe to use: the one asked for, or with "auto" the best for the task.

    Raises:
        UnknownName: No recipe has that name.
        NoRecipe: No recipe, or not the one asked for, can do the task.

    Example:
        >>> choose("auto", task="classification")
        'head'
    """
    fitting = [entry for entry in RECIPES.values() if entry.card.task == task]
    if name != "auto":
        fitting = [RECIPES[name]] if RECIPES[name].card.task == task else []
    if not fitting:
        raise NoRecipe(f"There is no recipe {'' if name == 'auto' else repr(name) + ' '}for {task}.", task=task)
    return fitting[0].card.name


def has_recipe(task: str) -> bool:
    """Say whether any recipe can do the task.

    Example:
        >>> has_recipe("classification"), has_recipe("detection")
        (True, False)
    """
    return any(entry.card.task == task for entry in RECIPES.values())


def explain(task: str, n_images: int, *, hardware: str = "cpu", budget_s: float | None = None) -> Choice:
    """Return the recipe that is best for this much data, hardware and time, and why, in plain words.

    Raises:
        NoRecipe: No recipe can do the task.

    Example:
        >>> explain("classification", 500).recipe
        'head'
    """
    card = RECIPES[choose(task=task)].card
    estimate = card.estimate_s(n_images)
    time = "a few seconds" if estimate < 10 else f"about {round(estimate / 10) * 10} seconds"
    sentences = [
        f"{card.what} {card.fits} With {n_images} pictures it takes {time} on this machine's "
        f"{'processor' if hardware == 'cpu' else 'processor; the graphics card is not needed'}."
    ]
    if budget_s is not None and estimate > budget_s:
        sentences.append(f"That is more than the {budget_s:g} seconds allowed, so fewer settings will be tried.")
    return Choice(recipe=card.name, explanation=" ".join(sentences))
