using System.Globalization;
using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Core.Specs.Syntax;
using VaeCluster.Evaluation.Scores;
using VaeCluster.Sweeps.Searches;
using VaeCluster.Sweeps.Spaces;
using VaeCluster.Sweeps.Stopping;
using VaeCluster.Training.Runs;

namespace VaeCluster.Sweeps.Specs;

/// <summary>
/// Reads and writes sweep files. The values of the space are checked by building run files with them. Every error is one line that names
/// the file and line (or <c>--set</c>), the field, its value and what is allowed.
/// </summary>
public static class SweepFile
{
    private const string Name = "name", Base = "base", Space = "space", Seeds = "seeds", Objective = "objective", Scores = "scores";

    private static readonly string[] Others = [Name, Base, Space, Seeds, Objective, Scores];

    private static readonly FieldRule NameRule = new(Name, FieldKind.Text, "name shown in reports and lists") { Default = "sweep" };

    private static readonly FieldRule SeedsRule = new(
        Seeds, FieldKind.IntegerList, "training.seed values; every setting is trained with each");

    /// <summary>The fields of a sweep file other than name, base, space, seeds, objective and scores.</summary>
    public static SectionRule Rule { get; } = new(
        string.Empty,
        "a sweep",
        [
            new FamilyRule("search", "how settings are chosen", SearchFamily.Members) { Default = "grid", Nested = true },
            new FamilyRule("stop", "early stopping of unpromising trials", StopFamily.Members) { Default = "none", Nested = true },
        ],
        [
            new("parallel", FieldKind.Integer, "number of trials trained in parallel; they share the threads")
            {
                Min = 1,
                Max = 1024,
                Default = 1,
            },
            new("maxFailures", FieldKind.Integer, "how often a failed trial is retried from its checkpoint")
            {
                Min = 0,
                Max = 1000,
                Default = 2,
            },
        ]);

    /// <summary>The top-level fields of a sweep file.</summary>
    public static IReadOnlyList<string> Fields { get; } =
        [.. Others, .. Rule.Families.Select(family => family.Field), .. Rule.Fields.Select(field => field.Name)];

    /// <summary>Reads a sweep file and its base run file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">
    /// Values that replace those in the files, such as <c>search.trials=40</c>; paths in them are relative to the current folder.
    /// </param>
    /// <exception cref="BadInputException">A file or an override is invalid.</exception>
    public static SweepSpec Load(string path, IReadOnlyList<string> overrides) => Parse(new SweepSource
    {
        Text = SpecSyntax.ReadFile(path),
        FileName = path,
        Folder = Path.GetDirectoryName(Path.GetFullPath(path))!,
        Base = BaseOf(path),
        Overrides = overrides,
        OverrideFolder = Directory.GetCurrentDirectory(),
    });

    /// <summary>Parses the text of a sweep.</summary>
    /// <param name="source">The text and its context.</param>
    /// <exception cref="BadInputException">The text or an override is invalid.</exception>
    public static SweepSpec Parse(SweepSource source)
    {
        SpecMap file = SpecSyntax.ParseFile(source.Text, source.FileName, source.Folder);
        SpecOverrides.DemandFew(source.Overrides);
        (string Field, SpecNode Value)[] overrides = [.. source.Overrides.Select(
            text => SpecOverrides.Parse(text, source.FileName, source.OverrideFolder))];
        foreach ((string field, SpecNode value) in overrides.Where(change => SweepOverrides.IsOfSweep(change.Field)))
            file = SpecOverrides.Set(file, SweepOverrides.Path(field), value);

        SpecMap run = file.Find(Base) switch
        {
            SpecMap map => map,
            SpecScalar name => source.Base(name),
            null => throw file.Origin.Fault(Base, null, "is missing: the run file shared by all trials, as a path or a map"),
            SpecNode other => throw other.Origin.Fault(Base, other.Text, "must be a run file, as a path or a map"),
        };
        foreach ((string field, SpecNode value) in overrides.Where(change => !SweepOverrides.IsOfSweep(change.Field)))
            run = SpecOverrides.Set(run, SweepOverrides.PathInBase(field, value.Origin), value);

        SweepSpec spec = Read(file, RunFilePaths.Resolve(run, RunVocabulary.All));
        SweepChecks.Check(spec, file);
        return spec;
    }

    /// <summary>Whether a file is a sweep file: it has a space or a base, which run files do not have.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file cannot be read or is not valid YAML.</exception>
    public static bool IsSweep(string path)
    {
        SpecMap file = SpecSyntax.ParseFile(SpecSyntax.ReadFile(path), path, Directory.GetCurrentDirectory());
        return file.Entries.ContainsKey(Space) || file.Entries.ContainsKey(Base);
    }

    /// <summary>The resolved sweep file, including its base. Reading it gives the same sweep.</summary>
    /// <param name="spec">The sweep.</param>
    public static string Write(SweepSpec spec) => SpecWriter.Write(Tree(spec));

    /// <summary>Reads a base run file named in a sweep file.</summary>
    /// <param name="path">The sweep file.</param>
    public static Func<SpecScalar, SpecMap> BaseOf(string path) => name =>
    {
        string file = RunFilePaths.Absolute(name);
        RegularFile.Demand(file);
        if (!File.Exists(file)) throw name.Origin.Fault(Base, name.Value, "must be a run file; this file does not exist");
        string shown = name.Origin.Override is null ? Path.Combine(Path.GetDirectoryName(path) ?? string.Empty, name.Value) : name.Value;
        return SpecSyntax.ParseFile(SpecSyntax.ReadFile(file), shown, Path.GetDirectoryName(file)!);
    };

    /// <summary>The YAML tree of a sweep.</summary>
    internal static SpecMap Tree(SweepSpec spec)
    {
        var origin = new SpecOrigin(spec.Name, null, Directory.GetCurrentDirectory());
        return Map(
            (Name, Text(spec.Name)),
            (Base, spec.Base),
            (Space, Map([.. spec.Space.Select(parameter => (parameter.Field, Parameter(parameter)))])),
            (Seeds, List(spec.Seeds.Select(seed => JsonSerializer.SerializeToElement(seed)))),
            ("search", Member(spec.Search)),
            ("stop", Member(spec.Stop)),
            (Objective, new SpecList(origin, [.. spec.Objectives.Select(Text)])),
            (Scores, new SpecList(origin, [.. spec.Scores.Select(Text)])),
            ("parallel", Number(spec.Parallel)),
            ("maxFailures", Number(spec.MaxFailures)));

        SpecNode Parameter(SpaceParameter parameter)
        {
            SpecMap map = parameter.Range is { } range
                ? Map(
                    ("min", Number(range.Min)), ("max", Number(range.Max)), ("log", Flag(range.IsLog)), ("integer", Flag(range.IsInteger)))
                : Map(("values", List(parameter.Values!)));
            if (parameter.Range?.Step is { } step) map = SpecOverrides.Set(map, ["step"], Number(step));
            return parameter.When.Count == 0 ? map : SpecOverrides.Set(
                map, ["when"], Map([.. parameter.When.Select(condition => (condition.Field, (SpecNode)List(condition.Values)))]));
        }

        SpecMap Member(MemberSpec member) => Map(
            [("kind", Text(member.Name)), .. member.Values.OrderBy(
                field => field.Key, StringComparer.Ordinal).Select(field => (field.Key, Value(field.Value)))]);

        SpecNode Value(object value) => value is string text ? Text(text) : Number(Convert.ToDouble(value, CultureInfo.InvariantCulture));

        SpecMap Map(params (string Key, SpecNode Value)[] entries) =>
            new(origin, new OrderedDictionary<string, SpecNode>(
                entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value)), StringComparer.Ordinal));

        SpecList List(IEnumerable<JsonElement> values) => new(origin, [.. values.Select(value => SpaceValues.Node(value, origin))]);

        SpecNode Text(string text) => new SpecScalar(origin, text, IsPlain: false);

        SpecNode Number(double number) => new SpecScalar(origin, number.ToString("R", CultureInfo.InvariantCulture), IsPlain: true);

        SpecNode Flag(bool flag) => new SpecScalar(origin, flag ? "true" : "false", IsPlain: true);
    }

    private static SweepSpec Read(SpecMap file, SpecMap run)
    {
        var section = new SectionReader(Rule, file, Others);
        SpecNode? name = file.Find(Name);
        return new SweepSpec
        {
            Name = (string)(name is null ? NameRule.Default! : FieldReader.Read(NameRule, name, Name)),
            Base = run,
            Space = SpaceReader.Read(file),
            Seeds = ReadSeeds(file, run),
            Search = section.Member("search"),
            Stop = section.Member("stop"),
            Objectives = Names(file, Objective, ["elbo"], allowsNone: false),
            Scores = Names(file, Scores, [], allowsNone: true),
            Parallel = section.Integer("parallel"),
            MaxFailures = section.Integer("maxFailures"),
        };
    }

    private static IReadOnlyList<long> ReadSeeds(SpecMap file, SpecMap run)
    {
        if (file.Find(Seeds) is not { } node)
        {
            FieldRule rule = RunSections.All(RunVocabulary.All).Single(section => section.Name == "training")
                .Fields.Single(field => field.Name == "seed");
            return (run.Find("training") as SpecMap)?.Find("seed") is { } seed
                ? [(long)FieldReader.Read(rule, seed, "training.seed")]
                : [(long)rule.Default!];
        }

        var seeds = (IReadOnlyList<long>)FieldReader.Read(SeedsRule, node, Seeds);
        if (seeds.Count == 0)
            throw node.Origin.Fault(Seeds, "[]", "must list at least one whole number; if omitted, the base's training.seed is used");
        return seeds.Distinct().Count() == seeds.Count ? seeds : throw node.Origin.Fault(Seeds, node.Text, "must not contain duplicates");
    }

    private static IReadOnlyList<string> Names(SpecMap file, string field, string[] standard, bool allowsNone)
    {
        SpecNode? node = file.Find(field);
        if (node is null) return standard;
        SpecNode[] items = node is SpecList list ? [.. list.Items] : [node];
        if (items.Length == 0 && !allowsNone) throw node.Origin.Fault(field, "[]", "must be the name of a score or a list of names");
        var names = new List<string>();
        foreach (SpecNode item in items)
        {
            if (item is not SpecScalar { Value: var name })
                throw item.Origin.Fault(field, item.Text, "must be the name of a score or a list of names");
            if (Criterion.WhyNotComparable(name) is { } reason) throw item.Origin.Fault(field, name, reason);
            if (ScoreFamily.Find(name) is null)
            {
                string[] known = [.. ScoreFamily.All.Select(kind => kind.Name)];
                throw item.Origin.Fault(field, name, $"one of {string.Join(", ", known)}{NearestName.Hint(name, known)}");
            }

            if (names.Contains(name)) throw item.Origin.Fault(field, name, "is listed twice");
            names.Add(name);
        }

        return names;
    }
}
