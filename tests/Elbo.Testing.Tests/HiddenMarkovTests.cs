namespace Elbo.Testing.Tests;

public sealed class HiddenMarkovTests
{
    public static TheoryData<int, bool, bool, bool, ConformanceLaw> Laws()
    {
        var data = new TheoryData<int, bool, bool, bool, ConformanceLaw>();
        foreach ((int states, bool leftToRight, bool hard, bool priors) in new[]
            { (1, false, false, false), (3, false, false, false), (3, false, true, false), (3, false, false, true), (4, true, false, false), (4, true, true, false), (10, false, false, true) })
            foreach (ConformanceLaw law in Enum.GetValues<ConformanceLaw>())
                data.Add(states, leftToRight, hard, priors, law);
        return data;
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Hidden_Markov_models_keep_every_law(int states, bool leftToRight, bool hard, bool priors, ConformanceLaw law) =>
        Conformance.Check(law, new HiddenMarkovSubject(states, leftToRight, hard, priors));
}
