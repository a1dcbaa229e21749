using VaeCluster.Core.Specs.Syntax;

namespace VaeCluster.Core.Specs;

/// <summary>
/// Reads one section by its rule: its fields, the members that it chooses and their fields. A rule without a name reads the file itself.
/// </summary>
public sealed class SectionReader
{
    private readonly SectionRule _rule;
    private readonly SpecMap _map;
    private readonly IReadOnlyList<string> _others;
    private readonly Dictionary<string, MemberSpec> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);

    /// <summary>Reads and checks the whole section.</summary>
    /// <param name="rule">What the section may contain.</param>
    /// <param name="file">The whole file.</param>
    /// <param name="others">Further fields that are allowed and that other code reads.</param>
    /// <exception cref="BadInputException">A field is unknown, or its value is not allowed.</exception>
    public SectionReader(SectionRule rule, SpecMap file, params IReadOnlyList<string> others)
    {
        _rule = rule;
        _others = others;
        _map = rule.Name.Length == 0 ? file : file.Find(rule.Name) switch
        {
            null => new SpecMap(file.Origin, []),
            SpecMap map => map,
            SpecNode other =>
                throw other.Origin.Fault(rule.Name, other.Text, $"a map of fields, for example '{rule.Name}: {{ {Names().First()}: … }}'"),
        };

        (FamilyRule Family, Member Member)[] flat =
            [.. rule.Families.Where(family => !family.Nested).Select(family => (family, Choose(family)))];
        RefuseUnknownFields(flat);
        foreach (FieldRule field in rule.Fields) Read(field, _map, PathOf(field.Name), _values);
        foreach ((FamilyRule family, Member member) in flat) _members[family.Field] = ReadMember(member, _map, rule.Name);
        foreach (FamilyRule family in rule.Families.Where(family => family.Nested)) _members[family.Field] = ReadNested(family);
    }

    /// <summary>The chosen member of a family.</summary>
    /// <param name="family">The family's field.</param>
    public MemberSpec Member(string family) => _members[family];

    /// <summary>The value of a field, or null if it has none.</summary>
    /// <param name="field">The field.</param>
    public object? Find(string field) => _values.GetValueOrDefault(field);

    /// <summary>The value of an integer field.</summary>
    /// <param name="field">The field.</param>
    public int Integer(string field) => checked((int)Long(field));

    /// <summary>The value of an optional integer field.</summary>
    /// <param name="field">The field.</param>
    public int? IntegerOrNone(string field) => Find(field) is long value ? checked((int)value) : null;

    /// <summary>The value of a 64-bit integer field.</summary>
    /// <param name="field">The field.</param>
    public long Long(string field) => (long)_values[field];

    /// <summary>The value of a number field.</summary>
    /// <param name="field">The field.</param>
    public double Number(string field) => (double)_values[field];

    /// <summary>The value of a text field as an enumeration value; hyphens and case are ignored.</summary>
    /// <param name="field">The field.</param>
    public T Word<T>(string field)
        where T : struct, Enum =>
            Enum.Parse<T>(((string)_values[field]).Replace("-", string.Empty, StringComparison.Ordinal), ignoreCase: true);

    /// <summary>An error for a value that is invalid only in combination with another.</summary>
    /// <param name="field">The field.</param>
    /// <param name="allowed">What is allowed.</param>
    public BadInputException Fault(string field, string allowed)
    {
        SpecNode node = _map.Find(field) ?? _map;
        return node.Origin.Fault(PathOf(field), _values[field].ToString(), allowed);
    }

    private string PathOf(string field) => PathOf(_rule.Name, field);

    private static string PathOf(string section, string field) => section.Length == 0 ? field : $"{section}.{field}";

    private IEnumerable<string> Names() => _rule.Families.Select(family => family.Field).Concat(_rule.Fields.Select(field => field.Name));

    private Member Choose(FamilyRule family) => Choose(family, Given(_map, family.Field), PathOf(family.Field), _map.Origin);

    // As Find, but a value that was left empty is given, too, so that it can be refused.
    private static SpecNode? Given(SpecMap map, string key) =>
        map.Entries.TryGetValue(key, out SpecNode? value) && value is SpecScalar { IsEmpty: true } ? value : map.Find(key);

    private static Member Choose(FamilyRule family, SpecNode? node, string field, SpecOrigin section)
    {
        string choices = $"one of {string.Join(", ", family.Members.Select(member => member.Name))}";
        if (node is null && family.Default is null) throw section.Fault(field, null, $"is missing: {choices}");
        if (node is SpecScalar { IsEmpty: true }) throw node.Origin.Fault(field, null, $"has no value: {choices}");
        if (node is not null and not SpecScalar) throw node.Origin.Fault(field, node.Text, choices);

        string name = ((SpecScalar?)node)?.Value ?? family.Default!;
        return family.Members.FirstOrDefault(member => member.Name == name)
            ?? throw (node?.Origin ?? section).Fault(
                field, name, choices + NearestName.Hint(name, family.Members.Select(member => member.Name)));
    }

    private void RefuseUnknownFields((FamilyRule Family, Member Member)[] flat)
    {
        string[] known = [.. Names(), .. _others, .. flat.SelectMany(choice => choice.Member.Fields).Select(field => field.Name)];
        foreach ((string name, SpecNode node) in _map.Entries)
        {
            if (!known.Contains(name)) throw Unknown(name, node, _rule.Name, known, flat);
            if (!_others.Contains(name))
                RefuseEmpty(node, PathOf(name), [.. _rule.Fields, .. flat.SelectMany(choice => choice.Member.Fields)], name);
        }
    }

    // "epochs:" with nothing behind it was most likely meant to have a value; null says that the default is wanted.
    private static void RefuseEmpty(SpecNode node, string path, IReadOnlyList<FieldRule> fields, string name)
    {
        if (node is not SpecScalar { IsEmpty: true }) return;
        FieldRule? rule = fields.FirstOrDefault(field => field.Name == name);
        string allowed = rule is null ? string.Empty : $" ({rule.Allowed})";
        string otherwise = rule is { Required: true } ? string.Empty : ", or leave the field out for its default";
        throw node.Origin.Fault(path, null, $"has no value; give one{allowed}{otherwise}");
    }

    private MemberSpec ReadNested(FamilyRule family)
    {
        const string Kind = "kind";
        string path = PathOf(family.Field);
        SpecNode? node = _map.Find(family.Field);
        if (node is not SpecMap map) return ReadMember(Choose(family, node, path, _map.Origin), new SpecMap(_map.Origin, []), path);

        Member member = Choose(family, Given(map, Kind), $"{path}.{Kind}", map.Origin);
        string[] known = [Kind, .. member.Fields.Select(field => field.Name)];
        foreach ((string name, SpecNode value) in map.Entries)
        {
            if (!known.Contains(name)) throw Unknown(name, value, path, known, [(family, member)]);
            RefuseEmpty(value, PathOf(path, name), member.Fields, name);
        }

        return ReadMember(member, map, path);
    }

    private static BadInputException Unknown(
        string name, SpecNode node, string path, string[] known, (FamilyRule Family, Member Member)[] choices)
    {
        foreach ((FamilyRule family, Member chosen) in choices)
        {
            string[] owners =
                [.. family.Members.Where(member => member.Fields.Any(field => field.Name == name)).Select(member => member.Name)];
            if (owners.Length > 0)
                return node.Origin.Fault(PathOf(path, name), null, $"belongs to {string.Join(", ", owners)}, not to {chosen.Name}");
        }

        string hint = NearestName.Hint(name, known);
        string section = path.Length == 0 ? "this file" : path;
        return node.Origin.Fault(
            PathOf(path, name), null, $"unknown field{(hint.Length > 0 ? hint : $"; {section} takes {string.Join(", ", known)}")}");
    }

    private static MemberSpec ReadMember(Member member, SpecMap map, string path)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (FieldRule field in member.Fields) Read(field, map, PathOf(path, field.Name), values);
        return new MemberSpec(member.Name, values);
    }

    private static void Read(FieldRule field, SpecMap map, string path, Dictionary<string, object> values)
    {
        SpecNode? node = map.Find(field.Name);
        if (node is not null) values[field.Name] = FieldReader.Read(field, node, path);
        else if (field.Required) throw map.Origin.Fault(path, null, $"is missing: {field.Allowed} ({field.Summary})");
        else if (field.Default is not null) values[field.Name] = field.Default;
    }
}
