namespace Elbo.Numerics;

/// <summary>
/// A discrete distribution from which each draw costs the same, however many outcomes there are (Walker's alias method, in Vose's form, 1991).
/// Immutable and thread-safe; the same bits give the same draw everywhere.
/// </summary>
/// <remarks>Probabilities are kept to 2⁻³² of an even share of all outcomes; one below that is 0, and a probability of 0 is never drawn.</remarks>
sealed class AliasTable
{
    const double Whole = 4294967296;

    // An even share of the probability goes to every cell: up to the threshold its own outcome's, the rest another's.
    readonly record struct Cell(uint Threshold, int Outcome, int Other);

    readonly Cell[] _cells;

    /// <summary>Makes a table of weights ≥ 0, of which one at least is above 0; they need not add up to 1.</summary>
    public AliasTable(ReadOnlySpan<double> weights)
    {
        // Sharp distributions have a few outcomes that can be drawn at all. A table of these alone stays in the cache.
        int[] outcomes = Possible(weights);
        int count = outcomes.Length;
        double sum = 0;
        foreach (int outcome in outcomes) sum += weights[outcome];
        var left = new double[count];
        // Cells that have less than their share are kept from one end, those that have more from the other.
        var waiting = new int[count];
        int poor = 0, rich = count;
        for (int i = 0; i < count; i++)
        {
            left[i] = weights[outcomes[i]] / sum * count;
            waiting[left[i] < 1 ? poor++ : --rich] = i;
        }
        _cells = new Cell[count];
        while (poor > 0 && rich < count)
        {
            int receiver = waiting[--poor], giver = waiting[rich];
            _cells[receiver] = new Cell((uint)(left[receiver] * Whole), outcomes[receiver], outcomes[giver]);
            left[giver] -= 1 - left[receiver];
            if (left[giver] >= 1) continue;
            rich++;
            waiting[poor++] = giver;
        }
        // What is left has its share, to rounding.
        foreach (int i in (int[])[.. waiting[..poor], .. waiting[rich..]]) _cells[i] = new Cell(0, outcomes[i], outcomes[i]);
    }

    /// <summary>The outcome for 64 random bits.</summary>
    public int Draw(ulong bits)
    {
        // The upper half of the product is the cell, the lower half a place in it.
        ref readonly Cell cell = ref _cells[(int)Math.BigMul(bits, (ulong)_cells.Length, out ulong place)];
        // All bits set where the place is below the threshold; a branch would be guessed wrong half of the time.
        int own = (int)(((long)(place >> 32) - cell.Threshold) >> 63);
        return cell.Other ^ ((cell.Outcome ^ cell.Other) & own);
    }

    static int[] Possible(ReadOnlySpan<double> weights)
    {
        double sum = 0;
        foreach (double weight in weights) sum += weight;
        var possible = new List<int>();
        for (int i = 0; i < weights.Length; i++)
            if (weights[i] / sum * weights.Length * Whole >= 1) possible.Add(i);
        return [.. possible];
    }
}
