using Elbo.Engine;
using Elbo.Files;

namespace Elbo.Tests.Files;

public sealed class ElboFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tensors_and_metadata_come_back_as_they_went_in()
    {
        var tensors = new TensorSet();
        tensors.Visit("t", [1], [1.5], TensorConstraint.Positive);
        ElboFile.Write(_folder["m"], ElboFile.Model, tensors, new Dictionary<string, string> { ["seed"] = "7" });

        TensorFile file = ElboFile.Read(_folder["m"], ElboFile.Model);
        Assert.Equal([1.5], file.Tensors.Doubles("t", TensorConstraint.Positive, 1));
        Assert.Equal([new("seed", "7")], file.Metadata);
        Assert.Equal(ElboFile.Model, ElboFile.FormatOf(_folder["m"]));
        Assert.Equal("1", SafeTensors.ReadMetadata(_folder["m"])["format_version"]);
    }

    [Fact]
    public void A_reserved_name_is_refused() =>
        Assert.Throws<ArgumentException>(() => ElboFile.Write(_folder["m"], ElboFile.Model, new TensorSet(), new Dictionary<string, string> { ["format"] = "x" }));

    [Fact]
    public void Another_format_is_named()
    {
        ElboFile.Write(_folder["c"], ElboFile.Checkpoint, new TensorSet(), new Dictionary<string, string>());
        AssertBad("is a checkpoint where a model was expected", "c");
    }

    [Theory]
    [InlineData("2", "it has version 2 of the format 'elbo-model', and this Elbo reads versions up to 1. Update Elbo")]
    [InlineData("0", "'format_version' is '0', which is no version")]
    [InlineData("one", "'format_version' is 'one', which is no version")]
    [InlineData(null, "lack 'format_version'")]
    public void Another_version_is_named(string? version, string message)
    {
        var metadata = new Dictionary<string, string> { ["format"] = ElboFile.Model };
        if (version is not null) metadata["format_version"] = version;
        SafeTensors.Write(_folder["m"], new TensorSet(), metadata);
        AssertBad(message, "m");
    }

    [Fact]
    public void A_foreign_file_is_named()
    {
        SafeTensors.Write(_folder["m"], new TensorSet(), new Dictionary<string, string>());
        AssertBad("a safetensors file that Elbo did not write", "m");
        _folder.Write("text", "2 0:1 3:4\n1 2:1\n");
        AssertBad("It is of another kind", "text");
    }

    void AssertBad(string message, string name)
    {
        string path = _folder[name];
        var error = Assert.Throws<InvalidDataException>(() => ElboFile.Read(path, ElboFile.Model));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{path}'", error.Message, StringComparison.Ordinal);
    }
}
