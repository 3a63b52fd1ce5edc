using Elbo.Engine;

namespace Elbo.Tests.Engine;

public sealed class TensorSetTests
{
    static TensorSet Sample()
    {
        var set = new TensorSet();
        set.Visit("matrix", [2, 3], [0.5, 0.25, 0.25, 1, 0, 0], TensorConstraint.Simplex);
        set.Visit("scalar", [], [-1.5], TensorConstraint.Real);
        set.Visit("whole", [2], [3, -4]);
        set.Visit("text", [3], "abc"u8);
        set.Visit("bad", [2, 2], [double.NaN, 0, double.PositiveInfinity, -1], TensorConstraint.Real);
        return set;
    }

    [Fact]
    public void What_went_in_comes_out()
    {
        TensorSet set = Sample();
        Assert.Equal(["matrix", "scalar", "whole", "text", "bad"], set.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([0.5, 0.25, 0.25, 1, 0, 0], set.Doubles("matrix", TensorConstraint.Simplex, 2, 3));
        Assert.Equal([-1.5], set.Doubles("scalar", TensorConstraint.Real));
        Assert.Equal([3, -4], set.Integers("whole", -1));
        Assert.Equal("abc"u8.ToArray(), set.Raw("text", 3));
        Assert.Equal(3, set.Length("matrix", 1));
        Assert.Equal([3, 0, 0, 0, 0xFC, 0xFF, 0xFF, 0xFF], set.Tensors[2].Bytes.ToArray());
        Assert.True(set.Contains("text"));
        Assert.False(set.Contains("Text"));
    }

    [Fact]
    public void Values_are_copied_when_they_are_described()
    {
        double[] values = [1, 2];
        var set = new TensorSet();
        set.Visit("values", [2], values, TensorConstraint.Real);
        values[0] = 9;
        Assert.Equal([1, 2], set.Doubles("values", TensorConstraint.Real, 2));
    }

    [Fact]
    public void What_is_missing_or_of_another_shape_or_type_is_refused_by_name()
    {
        TensorSet set = Sample();
        Refuses("Tensor 'absent' is missing.", () => set.Doubles("absent", TensorConstraint.Real));
        Refuses("Tensor 'absent' is missing.", () => set.Length("absent", 0));
        Refuses("Tensor 'matrix' has the shape [2, 3] where [3, 2] was expected (-1 stands for any).", () => set.Doubles("matrix", TensorConstraint.Real, 3, 2));
        Refuses("Tensor 'matrix' has the shape [2, 3] where [6] was expected (-1 stands for any).", () => set.Doubles("matrix", TensorConstraint.Real, 6));
        Refuses("Tensor 'matrix' has the shape [2, 3] where [] was expected (-1 stands for any).", () => set.Doubles("matrix", TensorConstraint.Real));
        Refuses("Tensor 'matrix' has the shape [2, 3] where [-1, 4] was expected (-1 stands for any).", () => set.Doubles("matrix", TensorConstraint.Real, -1, 4));
        Refuses("Tensor 'whole' holds Int32 where Double was expected.", () => set.Doubles("whole", TensorConstraint.Real, 2));
        Refuses("Tensor 'matrix' holds Double where Int32 was expected.", () => set.Integers("matrix", 2, 3));
        Refuses("Tensor 'whole' holds Int32 where Byte was expected.", () => set.Raw("whole", 2));
        Refuses("Tensor 'matrix' has 2 axes and no axis 2.", () => set.Length("matrix", 2));
    }

    [Theory]
    [InlineData(TensorConstraint.Real, double.NaN, "has NaN at place 1, which cannot be (Real)")]
    [InlineData(TensorConstraint.Fixed, double.PositiveInfinity, "has Infinity at place 1, which cannot be (Fixed)")]
    [InlineData(TensorConstraint.Positive, 0.0, "has 0 at place 1, which cannot be (Positive)")]
    [InlineData(TensorConstraint.Positive, -1.0, "has -1 at place 1, which cannot be (Positive)")]
    [InlineData(TensorConstraint.Simplex, -0.5, "has -0.5 at place 1, which cannot be (Simplex)")]
    [InlineData(TensorConstraint.Simplex, 0.25, "has a row that begins at 0 and adds up to 0.75, not to 1")]
    [InlineData(TensorConstraint.Simplex, double.NaN, "has NaN at place 1")]
    public void Values_out_of_range_are_refused(TensorConstraint constraint, double second, string message)
    {
        var set = new TensorSet();
        set.Visit("x", [2], [0.5, second], TensorConstraint.Real);
        Assert.Contains($"Tensor 'x' {message}", Assert.Throws<InvalidDataException>(() => set.Doubles("x", constraint, 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_row_of_a_simplex_is_added_up()
    {
        var set = new TensorSet();
        set.Visit("x", [2, 2], [0.5, 0.5, 0.5, 0.6], TensorConstraint.Real);
        Refuses("Tensor 'x' has a row that begins at 2 and adds up to 1.1, not to 1.", () => set.Doubles("x", TensorConstraint.Simplex, 2, 2));
        set.Visit("empty", [3, 0], ReadOnlySpan<double>.Empty, TensorConstraint.Simplex);
        Assert.Empty(set.Doubles("empty", TensorConstraint.Simplex, 3, 0));
    }

    [Fact]
    public void Names_are_unique_and_shapes_fit()
    {
        TensorSet set = Sample();
        Assert.Throws<ArgumentException>(() => set.Visit("scalar", [], [1.0], TensorConstraint.Real));
        Assert.Throws<ArgumentException>(() => set.Visit("wrong", [2, 2], [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => set.Visit("wrong", [-1, -3], [1, 2, 3]));
        Assert.Throws<OverflowException>(() => set.Visit("wrong", [long.MaxValue, 4], [1, 2, 3]));
    }

    [Fact]
    public void Sets_nest_under_prefixes()
    {
        var set = new TensorSet();
        set.Add("start.", new Point(1));
        set.Add("end.", new Point(2));
        Assert.Equal(["start.value", "end.value"], set.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(2, Point.FromTensors(set.Under("end.")).Value);
        Refuses("Tensor 'value' is missing.", () => Point.FromTensors(set.Under("middle.")));
    }

    static void Refuses(string message, Action action) => Assert.Equal(message, Assert.Throws<InvalidDataException>(action).Message);
}
