using Elbo.Corpora;

namespace Elbo.Topics.Sweeps;

/// <summary>Both halves of some documents, and for each term of them a place in a table of those alone. Knows no lanes, so that it is compiled once, beforehand.</summary>
sealed class HeldOutHalves
{
    readonly int[] _terms;
    readonly int[][] _observedPlaces, _heldOutPlaces;

    public HeldOutHalves(Corpus observed, Corpus heldOut)
    {
        Observed = observed;
        HeldOut = heldOut;
        var terms = new List<int>();
        var placeOf = new int[observed.Vocabulary.Count];
        _observedPlaces = Places(observed, placeOf, terms);
        _heldOutPlaces = Places(heldOut, placeOf, terms);
        _terms = [.. terms];
        for (int document = 0; document < heldOut.DocumentCount; document++)
        {
            MostPairs = Math.Max(MostPairs, _observedPlaces[document].Length);
            if (_observedPlaces[document].Length > 0) Tokens += SweepOrder.Tokens(heldOut, document);
        }
    }

    public Corpus Observed { get; }

    public Corpus HeldOut { get; }

    /// <summary>How many documents.</summary>
    public int Count => Observed.DocumentCount;

    /// <summary>The term at each place.</summary>
    public ReadOnlySpan<int> Terms => _terms;

    /// <summary>How many tokens are scored: the other half of an empty one is not.</summary>
    public long Tokens { get; }

    /// <summary>The most terms that an observed half has.</summary>
    public int MostPairs { get; }

    /// <summary>The places of an observed half's terms, in their order.</summary>
    public ReadOnlySpan<int> ObservedPlaces(int document) => _observedPlaces[document];

    /// <summary>The places of a held-out half's terms, in their order.</summary>
    public ReadOnlySpan<int> HeldOutPlaces(int document) => _heldOutPlaces[document];

    // A term that comes for the first time gets the next place; in the array places count from 1.
    static int[][] Places(Corpus half, int[] placeOf, List<int> terms)
    {
        var places = new int[half.DocumentCount][];
        for (int document = 0; document < places.Length; document++)
        {
            ReadOnlySpan<int> own = half.Terms(document);
            places[document] = new int[own.Length];
            for (int n = 0; n < own.Length; n++)
            {
                ref int place = ref placeOf[own[n]];
                if (place == 0)
                {
                    terms.Add(own[n]);
                    place = terms.Count;
                }
                places[document][n] = place - 1;
            }
        }
        return places;
    }
}
