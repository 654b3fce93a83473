"""The group criteria by their names: what must be equal between groups, and how far it is from that.

Each is called as `criterion` says, metric(y_true, y_pred, *, sensitive_features, sample_weight=None,
method="between_groups", minimum_n=1), and says which rates it compares: Y is the label, D the decision, A the group.
The gaps are the largest between any two groups; `disparity` has the other forms.
"""

from __future__ import annotations

from seeing.fairness.groups.criterion import ComparedRates, criterion


@criterion
def demographic_parity_difference(rates: ComparedRates) -> float:
    """The largest gap between groups in how often the decision is positive: max_a P(D=1 | A=a) - min_a P(D=1 | A=a).

    It does not look at `y_true`. A group whose weights are all 0 is an error.

    Returns:
        A number in [0, 1]. Ideal value 0; a single group gives 0.

    Example:
        >>> demographic_parity_difference([1, 1, 0, 0], [1, 1, 1, 0], sensitive_features=list("aabb"))  # 2/2 - 1/2
        0.5

    Source: Dwork et al., Fairness through awareness (2012), section 3, as statistical parity.
    """
    return rates.difference("selection_rate")


@criterion
def demographic_parity_ratio(rates: ComparedRates) -> float:
    """The smallest ratio of selection rates, min_a P(D=1 | A=a) / max_a P(D=1 | A=a): under .8, "disparate impact".

    It does not look at `y_true`. A group whose weights are all 0 is an error.

    Returns:
        A number in [0, 1]. Ideal value 1; 1 also if nobody is selected.

    Example:
        >>> demographic_parity_ratio([1, 1, 0, 0], [1, 1, 1, 0], sensitive_features=list("aabb"))
        0.5

    Source: Feldman et al., Certifying and removing disparate impact (2015), definition 1.1.
    """
    return rates.ratio("selection_rate")


@criterion
def equal_opportunity_difference(rates: ComparedRates) -> float:
    """The largest gap in true positive rates: max_a P(D=1 | Y=1, A=a) - min_a P(D=1 | Y=1, A=a).

    A group without positives (y_true = 1) is an error.

    Returns:
        A number in [0, 1]. Ideal value 0.

    Example:
        >>> equal_opportunity_difference([1, 1, 1, 0], [1, 0, 1, 1], sensitive_features=list("aabb"))  # 1/1 - 1/2
        0.5

    Source: Hardt, Price and Srebro, Equality of opportunity in supervised learning (2016), definition 2.2.
    """
    return rates.difference("true_positive_rate")


@criterion
def equal_opportunity_ratio(rates: ComparedRates) -> float:
    """The smallest ratio of true positive rates: min_a P(D=1 | Y=1, A=a) / max_a P(D=1 | Y=1, A=a).

    A group without positives (y_true = 1) is an error.

    Returns:
        A number in [0, 1]. Ideal value 1; 1 also if every rate is 0.

    Example:
        >>> equal_opportunity_ratio([1, 1, 1, 0], [1, 0, 1, 1], sensitive_features=list("aabb"))
        0.5
    """
    return rates.ratio("true_positive_rate")


@criterion
def equalized_odds_difference(rates: ComparedRates) -> float:
    """The larger of two gaps, that of P(D=1 | Y=1, A) and that of P(D=1 | Y=0, A).

    A group of one class only is an error.

    Returns:
        A number in [0, 1]. Ideal value 0. `average_absolute_odds_difference` is the mean of the two.

    Example:
        >>> y_true, y_pred = [1, 1, 0, 1, 1, 0], [1, 0, 0, 1, 1, 1]
        >>> equalized_odds_difference(y_true, y_pred, sensitive_features=list("aaabbb"))  # gaps of .5 and 1
        1.0

    Source: Hardt, Price and Srebro (2016), definition 2.1.
    """
    positives = rates.difference("true_positive_rate")
    return max(positives, rates.difference("false_positive_rate"))


@criterion
def equalized_odds_ratio(rates: ComparedRates) -> float:
    """The smaller of two ratios, that of P(D=1 | Y=1, A) and that of P(D=1 | Y=0, A).

    A group of one class only is an error.

    Returns:
        A number in [0, 1]. Ideal value 1; rates that are all 0 count as equal.

    Example:
        >>> y_true, y_pred = [1, 1, 0, 0, 1, 0], [1, 0, 0, 1, 1, 1]
        >>> equalized_odds_ratio(y_true, y_pred, sensitive_features=list("aaabbb"))  # 0 of 1 to 2 of 2
        0.0
    """
    positives = rates.ratio("true_positive_rate")
    return min(positives, rates.ratio("false_positive_rate"))


@criterion
def average_absolute_odds_difference(rates: ComparedRates) -> float:
    """The mean of two gaps, that of P(D=1 | Y=1, A) and that of P(D=1 | Y=0, A).

    At least half of `equalized_odds_difference`. A group of one class only is an error.

    Returns:
        A number in [0, 1]. Ideal value 0.

    Example:
        >>> y_true, y_pred = [1, 1, 0, 1, 1, 0], [1, 0, 0, 1, 1, 1]
        >>> average_absolute_odds_difference(y_true, y_pred, sensitive_features=list("aaabbb"))  # (.5 + 1) / 2
        0.75

    Source: Bellamy et al., AI Fairness 360 (2018), section 4, for two groups.
    """
    positives = rates.difference("true_positive_rate")
    return (positives + rates.difference("false_positive_rate")) / 2


@criterion
def predictive_parity_difference(rates: ComparedRates) -> float:
    """The largest gap in positive predictive values: max_a P(Y=1 | D=1, A=a) - min_a P(Y=1 | D=1, A=a).

    A group in which nobody is selected is an error.

    Returns:
        A number in [0, 1]. Ideal value 0.

    Example:
        >>> predictive_parity_difference([1, 1, 1, 0], [1, 1, 1, 1], sensitive_features=["a", "a", "b", "b"])
        0.5

    Source: Chouldechova, Fair prediction with disparate impact (2017), definition 2.
    """
    return rates.difference("positive_predictive_value")


@criterion
def predictive_parity_ratio(rates: ComparedRates) -> float:
    """The smallest ratio of positive predictive values: min_a P(Y=1 | D=1, A=a) / max_a P(Y=1 | D=1, A=a).

    A group in which nobody is selected is an error.

    Returns:
        A number in [0, 1]. Ideal value 1; 1 also if every value is 0.

    Example:
        >>> predictive_parity_ratio([1, 1, 1, 0], [1, 1, 1, 1], sensitive_features=["a", "a", "b", "b"])
        0.5
    """
    return rates.ratio("positive_predictive_value")
