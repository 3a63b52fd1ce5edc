namespace Elbo.Testing.Tests;

public sealed class HiddenMarkovTests
{
    public static TheoryData<int, bool, bool, bool, bool, ConformanceLaw> Laws()
    {
        var data = new TheoryData<int, bool, bool, bool, bool, ConformanceLaw>();
        foreach ((int states, bool leftToRight, bool hard, bool priors, bool known) in new[]
        {
            (1, false, false, false, false), (3, false, false, false, false), (3, false, false, false, true), (3, false, true, false, true), (3, false, false, true, true),
            (4, true, false, false, false), (4, true, false, false, true), (4, true, true, false, true), (10, false, false, true, false),
        })
            foreach (ConformanceLaw law in Enum.GetValues<ConformanceLaw>())
                data.Add(states, leftToRight, hard, priors, known, law);
        return data;
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Hidden_Markov_models_keep_every_law(int states, bool leftToRight, bool hard, bool priors, bool known, ConformanceLaw law) =>
        Conformance.Check(law, PoissonChain.Create(states, leftToRight, hard, priors, known));
}
