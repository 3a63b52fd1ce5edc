using System.Diagnostics;
using System.Text;
using Elbo.Files;

namespace Elbo.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_appears_under_its_name_only_when_committed()
    {
        string path = _folder.Write("out.txt", "old");
        using (AtomicFile file = AtomicFile.Create(path))
        {
            file.Stream.Write("new"u8);
            Assert.Equal("old", File.ReadAllText(path));
            file.Commit();
        }
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal(["out.txt"], _folder.Files);
    }

    [Fact]
    public void Without_commit_nothing_remains()
    {
        using (AtomicFile file = AtomicFile.Create(_folder["out.txt"]))
            file.Stream.Write("new"u8);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void What_the_callback_throws_comes_out_and_the_old_file_stays()
    {
        string path = _folder.Write("out.txt", "old");
        Assert.Throws<FormatException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            throw new FormatException();
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["out.txt"], _folder.Files);
    }

    [Fact]
    public void A_wrapper_may_dispose_of_the_stream()
    {
        AtomicFile.Write(_folder["out.txt"], stream =>
        {
            using var writer = new StreamWriter(stream, Encoding.UTF8);
            writer.Write("text");
        });
        Assert.Equal("text", File.ReadAllText(_folder["out.txt"]));
    }

    [Fact]
    public async Task Asynchronous_writing_commits_and_cancelled_writing_leaves_nothing()
    {
        await AtomicFile.WriteAsync(_folder["a"], async (stream, token) => await stream.WriteAsync("text"u8.ToArray(), token), TestContext.Current.CancellationToken);
        Assert.Equal("text", await File.ReadAllTextAsync(_folder["a"], TestContext.Current.CancellationToken));

        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AtomicFile.WriteAsync(_folder["b"], async (stream, _) =>
        {
            await stream.WriteAsync("half"u8.ToArray(), CancellationToken.None);
            await cancel.CancelAsync();
        }, cancel.Token));
        Assert.Equal(["a"], _folder.Files);
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        var error = Assert.ThrowsAny<IOException>(() => AtomicFile.Create(_folder["none/out.txt"]));
        Assert.Contains($"the folder '{_folder["none"]}' does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_place_of_the_folder_is_named()
    {
        _folder.Write("file", "");
        var error = Assert.ThrowsAny<IOException>(() => AtomicFile.Create(_folder["file/out.txt"]));
        Assert.Contains($"'{_folder["file"]}' is a file, not a folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_no_target()
    {
        var error = Assert.ThrowsAny<IOException>(() => AtomicFile.Create(_folder.Name));
        Assert.Contains("it is a folder", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/full")]
    [InlineData("/dev/null")]
    public void A_device_is_refused_and_stays_a_device(string device)
    {
        Assert.SkipUnless(File.Exists(device), "There is no such device here.");
        // Through a link in our own folder, so that a mistake could only replace the link.
        File.CreateSymbolicLink(_folder["link"], device);
        var error = Assert.ThrowsAny<IOException>(() => AtomicFile.Create(_folder["link"]));
        Assert.Contains("not a regular file", error.Message, StringComparison.Ordinal);
        Assert.ThrowsAny<IOException>(() => AtomicFile.Create(device));
        Assert.Equal(["link"], _folder.Files);
        Assert.NotNull(File.ResolveLinkTarget(_folder["link"], false));
    }

    [Fact]
    public void A_pipe_is_refused_without_waiting_for_its_reader()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Named pipes as files are tested on Linux.");
        using (Process make = Process.Start("mkfifo", _folder["pipe"])) make.WaitForExit();
        var error = Assert.ThrowsAny<IOException>(() => AtomicFile.Create(_folder["pipe"]));
        Assert.Contains("not a regular file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_is_followed_and_stays_a_link()
    {
        _folder.Write("real", "old");
        File.CreateSymbolicLink(_folder["link"], _folder["real"]);
        AtomicFile.Write(_folder["link"], stream => stream.Write("new"u8));
        Assert.Equal("new", File.ReadAllText(_folder["real"]));
        Assert.NotNull(File.ResolveLinkTarget(_folder["link"], false));
    }

    [Fact]
    public void An_empty_file_is_a_regular_file()
    {
        AtomicFile.Write(_folder.Write("out", ""), stream => stream.Write("new"u8));
        Assert.Equal("new", File.ReadAllText(_folder["out"]));
    }

    [Fact]
    public void A_full_disk_is_named_and_leaves_the_old_file_alone()
    {
        string path = _folder.Write("out.txt", "old");
        using (AtomicFile file = AtomicFile.Create(path, FullDisk.After(bytes: 10)))
        {
            file.Stream.Write("123456"u8);
            var error = Assert.ThrowsAny<IOException>(() => file.Stream.Write("789012"u8));
            Assert.Contains($"Cannot write '{path}': the disk is full", error.Message, StringComparison.Ordinal);
            // A caller that swallowed the error still cannot commit the half.
            Assert.Same(error, Assert.ThrowsAny<IOException>(file.Commit));
        }
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["out.txt"], _folder.Files);
    }
}
