using Elbo.Corpora;
using Elbo.Text;

namespace Elbo.Tests;

public sealed class DotnetDocumentationTests
{
    [Theory]
    [InlineData("FileStream", "File Stream")]
    [InlineData("HTTPRequest IPAddress IEnumerable", "HTTP Request IP Address I Enumerable")]
    [InlineData("IPv4 URIs NaN Int32 SHA256 X509Certificate", "IPv4 URIs NaN Int32 SHA256 X509 Certificate")]
    [InlineData("System.IO. Next ERROR_FILE 3.14", "System IO. Next ERROR FILE 3 14")]
    public void Identifiers_are_split(string text, string expected) => Assert.Equal(expected, IdentifierWords.Split(text));

    [Theory]
    [InlineData("T:System.IO.File", "System.IO.File", "File")]
    [InlineData("M:System.IO.File.Open(System.String,System.IO.FileMode)", "System.IO.File", "Open")]
    [InlineData("M:System.IO.FileStream.#ctor(System.String)", "System.IO.FileStream", "FileStream")]
    [InlineData("T:System.Collections.Generic.List`1", "System.Collections.Generic.List`1", "List")]
    [InlineData("M:System.Linq.Enumerable.Select``2(System.Collections.Generic.IEnumerable{``0})", "System.Linq.Enumerable", "Select")]
    [InlineData("M:System.Index.op_Implicit(System.Int32)~System.Index", "System.Index", "op_Implicit")]
    [InlineData("P:System.A.System#Collections#IList#Item(System.Int32)", "System.A", "Item")]
    [InlineData("F:Global.Field", "Global", "Field")]
    [InlineData("!:Nothing", "", "Nothing")]
    public void Documentation_ids_name_a_type_and_a_member(string id, string type, string name)
    {
        Assert.Equal(type, IdentifierWords.TypeOf(id));
        Assert.Equal(name, IdentifierWords.NameOf(id));
    }

    const string Members = """
        <member name="T:Some.Space.FileThing"><summary>A <c>thing</c> for a <see cref="T:Some.FileStream" />.
          Repeated   sentence. </summary></member>
        <member name="M:Some.Space.FileThing.Open(System.Int32)"><summary>Repeated sentence. Opens <paramref name="someFile"/>.</summary>
          <param name="x">The <see langword="null"/> <see cref="M:A.B.#ctor">shown</see> text.</param>
          <example><code>hidden.Code();</code>Seen.</example><exception cref="T:System.ArgumentException">Too bad.</exception></member>
        <member name="T:Some.Space.FileThing.Inner"><summary>Nested.</summary></member>
        <member name="T:System.Runtime.Intrinsics.X86.Avx"><summary>Left out.</summary></member>
        <member name="T:Some.Empty"/>
        """;

    [Fact]
    public void Types_are_documents_without_repetitions()
    {
        using var root = new TemporaryFolder();
        root.Write("packs/Microsoft.NETCore.App.Ref/9.0.0/ref/net9.0/Old.xml", Doc("<member name=\"T:Old.Type\"><summary>Old.</summary></member>"));
        root.Write("packs/Microsoft.NETCore.App.Ref/10.0.2-preview.1/ref/net10.0/Old.xml", Doc("<member name=\"T:Old.Type\"><summary>Preview.</summary></member>"));
        root.Write("packs/Microsoft.NETCore.App.Ref/10.0.2/ref/net10.0/Some.xml", Doc(Members));
        root.Write("packs/A.Ref/1.0.0/ref/net10.0/Some.xml", Doc("<member name=\"T:Other.Copy\"><summary>The same assembly again.</summary></member>"));
        root.Write("packs/A.Ref/1.0.0/ref/net10.0/More.xml", Doc("<member name=\"T:Some.Space.FileThing\"><summary>The same member again.</summary></member><member name=\"P:Some.Space.FileThing.Size\"><value>A size.</value></member>"));

        DotnetDocumentation documentation = DotnetDocumentation.Find(root.Root);
        Assert.Null(documentation.Problem);
        Assert.Equal(["Some.xml", "More.xml"], documentation.Files.Select(Path.GetFileName));
        Assert.Equal(
            [
                new("A thing for a File Stream.\nRepeated sentence.\nOpens some File.\nThe null shown text.\nSeen.\nToo bad.\nA size.\n", "Some.Space.FileThing", "Some.Space", "Some.xml"),
                new TextDocument("Nested.\n", "Some.Space.FileThing.Inner", "Some.Space", "Some.xml"),
            ],
            documentation.Read(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Where_documentation_is_missing_it_is_said()
    {
        using var root = new TemporaryFolder();
        DotnetDocumentation none = DotnetDocumentation.Find(root.Root);
        Assert.Contains("has no reference packs: they come with the SDK", none.Problem, StringComparison.Ordinal);
        Assert.Contains(root.Path("packs"), none.Problem, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => none.Build(cancellationToken: TestContext.Current.CancellationToken));

        root.Write("packs/Microsoft.NETCore.App.Ref/10.0.0/ref/net10.0/System.Runtime.dll", "");
        Assert.Contains("have no XML documentation", DotnetDocumentation.Find(root.Root).Problem, StringComparison.Ordinal);

        root.Write("packs/Microsoft.NETCore.App.Ref/10.0.0/ref/net10.0/Broken.xml", Doc("<member name=\"T:A.B\"><summary>text"));
        var error = Assert.Throws<InvalidDataException>(() => DotnetDocumentation.Find(root.Root).Read(TestContext.Current.CancellationToken).Count());
        Assert.Contains("Broken.xml' is not well-formed XML", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_documentation_of_this_sdk_makes_a_corpus()
    {
        DotnetDocumentation documentation = DotnetDocumentation.Find();
        Assert.SkipUnless(documentation.Problem is null, documentation.Problem ?? "");
        (Corpus corpus, ImportReport report) = documentation.Build(cancellationToken: TestContext.Current.CancellationToken);

        foreach (string line in report.ToLines()) TestContext.Current.TestOutputHelper?.WriteLine(line);
        Assert.InRange(corpus.DocumentCount, 2_000, 9_000);
        Assert.InRange(corpus.Vocabulary.Count, 2_000, 6_000);
        Assert.InRange(corpus.TokenCount, 250_000, 1_200_000);
        string[] boilerplate = ["gets", "value", "instance", "specified", "returns", "object", "type", "the", "true"];
        Assert.DoesNotContain(corpus.Vocabulary, boilerplate.Contains);

        int stream = Enumerable.Range(0, corpus.DocumentCount).Single(d => corpus.Id(d) == "System.IO.FileStream");
        Assert.Equal("System.IO", corpus.Label(stream));
        IEnumerable<string> terms = corpus.Terms(stream).ToArray().Select(term => corpus.Vocabulary[term]);
        Assert.Superset(new HashSet<string> { "stream", "file", "buffer", "bytes" }, terms.ToHashSet());
        Assert.All(Enumerable.Range(0, corpus.DocumentCount), d => Assert.True(corpus.Tokens(d).Length >= 20));
        Assert.DoesNotContain(Enumerable.Range(0, corpus.DocumentCount), d => corpus.Id(d).StartsWith("System.Runtime.Intrinsics", StringComparison.Ordinal));
    }

    static string Doc(string members) => $"<?xml version=\"1.0\"?><doc><assembly><name>x</name></assembly><members>{members}</members></doc>";
}
