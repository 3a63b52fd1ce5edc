using Elbo.Corpora;
using Elbo.Numerics;

namespace Kernels;

/// <summary>Documents of 128 distinct terms each, the term of rank r being about 1/r as frequent as the first.</summary>
static class SampleCorpus
{
    public static Corpus Make(int documents)
    {
        var random = new Philox(3);
        var builder = new CorpusBuilder(Vocabulary.Numbered(SampleDocument.Vocabulary));
        var terms = new SortedSet<int>();
        for (int i = 0; i < documents; i++)
        {
            terms.Clear();
            while (terms.Count < SampleDocument.Terms) terms.Add((int)Math.Pow(SampleDocument.Vocabulary, random.NextDouble()) - 1);
            builder.Add(terms.Select(term => (term, 1 + random.NextInt32(2))));
        }
        return builder.Build();
    }
}
