using Elbo.Engine;

namespace Elbo.Tests.Engine;

public sealed class StoppingRuleNotationTests
{
    static readonly StoppingRule Relative = StoppingRule.RelativeObjective(1e-8), Norm = StoppingRule.ParameterNorm(0.5), Aitken = StoppingRule.Aitken(1e-6);

    [Fact]
    public void Rules_come_back_from_their_notation()
    {
        StoppingRule[] rules = [StoppingRule.Never, Relative, Norm, Aitken, Relative & Norm, Relative | Norm, (Relative | Norm) & Aitken, Relative | (Norm & Aitken), Relative & (Norm & Aitken), Relative | (Norm | Aitken), (Aitken & Norm) | (Norm & Relative)];
        foreach (StoppingRule rule in rules) Assert.Equal(rule, StoppingRule.Parse(rule.ToNotation()));
    }

    [Fact]
    public void And_binds_more_tightly_than_or()
    {
        Assert.Equal(Relative | (Norm & Aitken), StoppingRule.Parse("relative:1e-8 or parameters:0.5 and aitken:1e-6"));
        Assert.Equal((Relative | Norm) & Aitken, StoppingRule.Parse("(relative:1e-8 or parameters:0.5)and aitken:1e-6"));
    }

    [Theory]
    [InlineData("", "a rule is missing at the end")]
    [InlineData("relative", "'relative' needs a tolerance of 0 or more, such as relative:1e-8")]
    [InlineData("relative:-1", "'relative:-1' needs a tolerance of 0 or more, such as relative:1e-8")]
    [InlineData("relative:NaN", "'relative:NaN' needs a tolerance of 0 or more, such as relative:1e-8")]
    [InlineData("norm:1", "'norm:1' is none of relative, parameters and aitken")]
    [InlineData("relative:1 aitken:1", "'and', 'or' or the end was expected at 'aitken:1'")]
    [InlineData("(relative:1", "a closing bracket is missing")]
    [InlineData("relative:1)", "'and', 'or' or the end was expected at ')'")]
    [InlineData("relative:1 and", "a rule is missing at the end")]
    public void What_is_no_rule_is_explained(string text, string why) =>
        Assert.Equal($"'{text}' is no rule to stop by: {why}.", Assert.Throws<FormatException>(() => StoppingRule.Parse(text)).Message);

    [Fact]
    public void Many_brackets_are_refused_and_not_a_crash() =>
        Assert.Throws<FormatException>(() => StoppingRule.Parse(new string('(', 1_000_000) + "never"));
}
