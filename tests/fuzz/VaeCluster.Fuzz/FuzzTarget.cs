using System.Text;
using VaeCluster.Core;

namespace VaeCluster.Fuzz;

/// <summary>
/// A parser of foreign bytes. A class that derives from this and can be made without arguments is found by itself: a new target is one file in
/// Targets. Each thread makes its own.
/// </summary>
public abstract class FuzzTarget : IDisposable
{
    private string? _folder;

    /// <summary>Its name on the command line, such as <c>npy</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Inputs in a run of the tests; fewer where an input takes milliseconds, since it throws inside or goes through a library.</summary>
    public virtual int Inputs => 20_000;

    /// <summary>The longest input, in bytes; less where each line is read by itself, and a thousand more lines show nothing new.</summary>
    public virtual int Longest => 1 << 16;

    /// <summary>The most bytes that may be allocated for one input.</summary>
    public virtual long MostBytes => 256L << 20;

    /// <summary>Whole inputs, made by the product's own writers where it has one.</summary>
    public abstract IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Pieces that the format is made of, to be put anywhere.</summary>
    public virtual IReadOnlyList<string> Words => [];

    /// <summary>A folder of this target's own; removed when it is disposed.</summary>
    protected string Folder => _folder ??= Directory.CreateTempSubdirectory("vaecluster-fuzz-").FullName;

    /// <summary>Reads an input as the product would; whatever it throws is judged by <see cref="IsRefusal"/>.</summary>
    /// <param name="input">The bytes.</param>
    public abstract void Run(byte[] input);

    /// <summary>Whether an exception is how the parser refuses an input.</summary>
    /// <param name="fault">What was thrown.</param>
    public virtual bool IsRefusal(Exception fault) => fault is BadInputException;

    /// <summary>Puts checksums right in half of the inputs, so that what lies behind them is reached, too.</summary>
    /// <param name="input">The changed bytes; may be changed further.</param>
    public virtual byte[] Repair(byte[] input) => input;

    /// <summary>All targets by name.</summary>
    public static IReadOnlyDictionary<string, Func<FuzzTarget>> All { get; } = typeof(FuzzTarget).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(FuzzTarget)) && !type.IsAbstract && type.GetConstructor([]) is not null)
        .Select(type => (Func<FuzzTarget>)(() => (FuzzTarget)Activator.CreateInstance(type)!))
        .Select(make =>
        {
            using FuzzTarget target = make();
            return KeyValuePair.Create(target.Name, make);
        })
        .OrderBy(entry => entry.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
        _folder = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes the input to a file in <see cref="Folder"/>.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="input">The bytes.</param>
    protected string Put(string name, byte[] input)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, input);
        return path;
    }

    /// <summary>Text as bytes.</summary>
    /// <param name="texts">The texts.</param>
    protected static byte[][] Utf8(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
