using VaeCluster.Core.Specs.Syntax;

namespace VaeCluster.Core.Specs;

/// <summary>
/// Reads and writes run files. <see cref="RunSections"/> lists everything that a run file may contain; every error is one line that
/// names the file and line (or <c>--set</c>), the field, its value and what is allowed.
/// </summary>
public static class RunFile
{
    /// <summary>Reads a run file; its paths are relative to its folder, those of overrides to the current folder.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">Values that override the file's, such as <c>objective.beta=4</c>.</param>
    /// <param name="vocabulary">The members to choose from.</param>
    /// <exception cref="BadInputException">The file or an override is invalid.</exception>
    public static RunSpec Load(string path, IReadOnlyList<string> overrides, SpecVocabulary vocabulary)
    {
        string text = SpecSyntax.ReadFile(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return Parse(text, path, folder, overrides, Directory.GetCurrentDirectory(), vocabulary);
    }

    /// <summary>Reads the text of a run file.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="fileName">The file name for error messages.</param>
    /// <param name="baseDirectory">The folder that the text's paths are relative to.</param>
    /// <param name="overrides">Values that override the text's, such as <c>objective.beta=4</c>.</param>
    /// <param name="overrideBaseDirectory">The folder that the overrides' paths are relative to.</param>
    /// <param name="vocabulary">The members to choose from.</param>
    /// <exception cref="BadInputException">The text or an override is invalid.</exception>
    public static RunSpec Parse(
        string text, string fileName, string baseDirectory, IReadOnlyList<string> overrides, string overrideBaseDirectory,
        SpecVocabulary vocabulary)
    {
        SpecMap file = SpecOverrides.Apply(SpecSyntax.ParseFile(text, fileName, baseDirectory), overrides, overrideBaseDirectory);
        return Read(file, vocabulary);
    }

    /// <summary>The resolved run file: every value of the spec, defaults included. Reading it gives an equal spec.</summary>
    /// <param name="spec">The spec.</param>
    public static string Write(RunSpec spec) => RunFileWriter.Write(spec);

    /// <summary>Reads a run file from its parsed YAML.</summary>
    /// <param name="file">The YAML, with overrides applied.</param>
    /// <param name="vocabulary">The members to choose from.</param>
    /// <exception cref="BadInputException">A field is unknown or missing, or its value is not allowed.</exception>
    public static RunSpec Read(SpecMap file, SpecVocabulary vocabulary)
    {
        IReadOnlyList<SectionRule> rules = RunSections.All(vocabulary);
        string[] known = [RunSections.Name.Name, .. rules.Select(rule => rule.Name)];
        foreach ((string name, SpecNode node) in file.Entries)
        {
            if (known.Contains(name)) continue;
            string hint = NearestName.Hint(name, known);
            if (hint.Length == 0) hint = $"; a run file has {string.Join(", ", known)}";
            throw node.Origin.Fault(name, null, $"unknown section{hint}");
        }

        Dictionary<string, SectionReader> sections = rules.ToDictionary(rule => rule.Name, rule => new SectionReader(rule, file));
        SpecNode? runName = file.Find(RunSections.Name.Name);
        if (file.Entries.TryGetValue(RunSections.Name.Name, out SpecNode? given) && given is SpecScalar { IsEmpty: true })
            throw given.Origin.Fault(RunSections.Name.Name, null, "has no value; give one, or leave the field out for its default");
        return new RunSpec
        {
            Name =
                (string)(runName is null ? RunSections.Name.Default! : FieldReader.Read(RunSections.Name, runName, RunSections.Name.Name)),
            Data = Data(sections["data"]),
            Model = Model(sections["model"]),
            Objective = Objective(sections["objective"]),
            Training = Training(sections["training"]),
            Checkpoint = Checkpoint(sections["checkpoint"]),
            Evaluation = Evaluation(sections["evaluation"]),
        };
    }

    private static DataSpec Data(SectionReader section) => new()
    {
        Dataset = section.Member("dataset"),
        Binarize = section.Word<Binarization>("binarize"),
        Corruption = section.Member("corruption"),
        Validation = section.Number("validation"),
        Limit = section.IntegerOrNone("limit"),
        Fingerprint = FingerprintOf(section),
    };

    private static string? FingerprintOf(SectionReader section)
    {
        const int Digits = 64;
        if (section.Find("fingerprint") is not string text) return null;
        return text.Length == Digits && text.All(char.IsAsciiHexDigitLower)
            ? text
            : throw section.Fault("fingerprint", $"{Digits} lower-case hexadecimal digits, as `data inspect` prints them");
    }

    private static ModelSpec Model(SectionReader section) => new()
    {
        Architecture = section.Member("architecture"),
        Likelihood = section.Member("likelihood"),
        Posterior = section.Member("posterior"),
        Prior = section.Member("prior"),
        Latent = section.Integer("latent"),
        OutputBias = section.Word<OutputBias>("outputBias"),
    };

    private static ObjectiveSpec Objective(SectionReader section) => new()
    {
        Kind = section.Member("kind"),
        Schedule = section.Member("schedule"),
    };

    private static TrainingSpec Training(SectionReader section)
    {
        int batch = section.Integer("batch");

        // The default must be valid for every batch size.
        int shards = section.IntegerOrNone("shards") ?? (batch % 4 == 0 ? 4 : batch % 2 == 0 ? 2 : 1);
        if (!int.IsPow2(shards) || batch % shards != 0)
        {
            IEnumerable<int> allowed = Enumerable.Range(0, 31).Select(power => 1 << power).TakeWhile(power => batch % power == 0);
            throw section.Fault("shards", $"a power of two that divides the batch of {batch} ({string.Join(", ", allowed)})");
        }

        return new TrainingSpec
        {
            Epochs = section.Integer("epochs"),
            Batch = batch,
            Shards = shards,
            Optimizer = section.Member("optimizer"),
            LearningRate = section.Number("learningRate"),
            Schedule = section.Member("schedule"),
            Average = section.Member("average"),
            ClipNorm = (double?)section.Find("clipNorm"),
            Seed = section.Long("seed"),
            NonFinite = section.Word<NonFinitePolicy>("nonFinite"),
        };
    }

    private static CheckpointSpec Checkpoint(SectionReader section) => new()
    {
        EverySteps = section.Integer("everySteps"),
        Keep = section.Integer("keep"),
    };

    private static EvaluationSpec Evaluation(SectionReader section) => new()
    {
        Seed = section.Long("seed"),
        EveryEpochs = section.Integer("everyEpochs"),
        Limit = section.IntegerOrNone("limit"),
    };
}
