using System.Text;
using Elbo.Corpora;
using Elbo.Engine;

namespace Elbo.Files;

/// <summary>A vocabulary as two tensors: where each term's UTF-8 bytes begin (and the end), and the bytes.</summary>
static class VocabularyTensors
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void Write(Vocabulary vocabulary, TensorSet into)
    {
        var offsets = new int[vocabulary.Count + 1];
        using var text = new MemoryStream();
        for (int term = 0; term < vocabulary.Count; term++)
        {
            text.Write(Strict.GetBytes(vocabulary[term]));
            offsets[term + 1] = checked((int)text.Length);
        }
        into.Visit("vocabulary_offsets", [offsets.Length], offsets);
        into.Visit("vocabulary_text", [text.Length], text.GetBuffer().AsSpan(0, (int)text.Length));
    }

    public static Vocabulary Read(TensorSet tensors, int terms)
    {
        int[] offsets = tensors.Integers("vocabulary_offsets", terms + 1L);
        byte[] text = tensors.Raw("vocabulary_text", -1);
        if (offsets[0] != 0 || offsets[^1] != text.Length)
            throw new InvalidDataException("Tensor 'vocabulary_offsets' does not span 'vocabulary_text'.");
        var words = new string[terms];
        for (int term = 0; term < terms; term++)
        {
            if (offsets[term + 1] < offsets[term] || offsets[term + 1] > text.Length)
                throw new InvalidDataException($"Tensor 'vocabulary_offsets' falls at place {term}.");
            try
            {
                words[term] = Strict.GetString(text, offsets[term], offsets[term + 1] - offsets[term]);
            }
            catch (DecoderFallbackException)
            {
                throw new InvalidDataException($"Tensor 'vocabulary_text' is not UTF-8 at term {term}.");
            }
        }
        try
        {
            return new Vocabulary(words);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException(error.Message);
        }
    }
}
