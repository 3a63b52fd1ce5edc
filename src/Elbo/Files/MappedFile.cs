using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Elbo.Files;

/// <summary>
/// A file mapped for reading. Never let go by the garbage collector, only by <see cref="Dispose"/>: spans into it may be all that is left of it.
/// </summary>
internal sealed unsafe partial class MappedFile : IDisposable
{
    // MADV_DONTNEED, on both systems.
    const int DontNeed = 4;

    readonly MemoryMappedFile _file;
    readonly MemoryMappedViewAccessor _view;
    readonly long _length;
    bool _disposed;

    /// <summary>Takes over the stream.</summary>
    public MappedFile(FileStream stream, long length)
    {
        _length = length;
        _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        try
        {
            _view = _file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        Pointer = pointer + _view.PointerOffset;
    }

    public byte* Pointer { get; }

    /// <summary>
    /// Gives back the memory of all pages that were read; read again, they come from the file. Without it a file that is read once from begin to end
    /// counts as resident until others need the memory. Where the system has no such call, that is left to it.
    /// </summary>
    public void Release()
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()) _ = Advise((nint)Pointer, (nuint)_length, DontNeed);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
