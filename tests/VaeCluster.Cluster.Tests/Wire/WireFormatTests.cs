using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using VaeCluster.Core;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Reduction;
using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Grains;
using VaeCluster.Grains.Coordination;
using VaeCluster.Grains.Runs;
using VaeCluster.Grains.Sweeps;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Steps;

namespace VaeCluster.Cluster.Tests.Wire;

/// <summary>
/// Fixes the format of one wire version. The file next to this one holds the bytes of version 3; a change that cannot read them, or writes
/// different ones, needs a new number in <see cref="SiloBeat.CurrentWire"/> and a new file. Version 3 uses aliases for types instead of
/// class names, because classes had moved to other assemblies.
/// </summary>
public sealed class WireFormatTests
{
    private static readonly Serializer Serializer = new ServiceCollection()
        .AddSerializer(builder => builder.AddAssembly(typeof(GrainsRegistration).Assembly))
        .BuildServiceProvider().GetRequiredService<Serializer>();

    private static readonly RunTicket Ticket = new("001-run", "name: run\n", new string('a', 64));

    private static readonly RangePlace Place = new(new BlockRange(1, 2, 3, 32_768, 49_152), new SiloEndpoint("10.0.0.2", 11211));

    private static readonly StepPlan Plan = new(3, 17, 2, 4, 0.5f);

    public static TheoryData<string> Names => [.. Samples.Keys];

    private static Dictionary<string, object> Samples { get; } = new()
    {
        ["SiloEndpoint"] = Place.Silo,
        ["BlockRange"] = Place.Range,
        ["RunTicket"] = Ticket,
        ["RangePlace"] = Place,
        ["TreeNode"] = new TreeNode(2, 1),
        ["StepPlan"] = Plan,
        ["Assignment"] = new Assignment(Plan, [new TreeNode(1, 0), new TreeNode(0, 5)]),
        ["WorkerStatement"] = new WorkerStatement("managed 1", new string('b', 64)),
        ["RangeOpening"] = new RangeOpening(Ticket, 3, 2, 1, 16, [Place.Silo]),
        ["LossTerms"] = new LossTerms(1.5, 2.5, -0.25),
        ["RangeGradient"] = new RangeGradient(new LossTerms(1.5, 2.5, -0.25), [0.5, double.NaN]),
        ["UpdateStep"] = new UpdateStep(0.125f, 0.001f, 9),
        ["UpdateDecision"] = new UpdateDecision(3, 17, true, new UpdateStep(0.125f, 0.001f, 9)),
        ["NonFiniteShard"] = new NonFiniteShard(3, [7, 8], "its loss is not finite"),
        ["StaleGenerationException"] = new StaleGenerationException(1, 2),
        ["BadInputException"] = new BadInputException("run.yaml", "data.path", "x", "a folder"),
        ["RunRefusedException"] = RunRefusedException.NoSuchRun("none"),
        ["SiloBeat"] = new SiloBeat(
            "S127.0.0.1:11111:5", "worker-0", Place.Silo, ServesRanges: true, ["cpu:0", "cpu:1"],
            new Dictionary<string, string> { ["cpu:1"] = "gone" }, IsDraining: true, Wire: 3),
        ["RunProgress"] = new RunProgress(12, ["a/cpu:0"]),
        ["MetricsBatch"] = new MetricsBatch(["1.0"], ["step"], [[123, 125]], true),
        ["FilePart"] = new FilePart([1, 2, 3]),
        ["SweepBatch"] = new SweepBatch([7], ["begin"], [[123, 125]], 345, true),
    };

    private static string GoldenFile => Path.Combine(AppContext.BaseDirectory, "Wire", "wire-v3.json");

    [Theory]
    [MemberData(nameof(Names))]
    public void Bytes_of_version_3_are_read_back_correctly(string name)
    {
        Dictionary<string, string> golden = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(GoldenFile))!;
        object read = Serializer.Deserialize<object>(Convert.FromBase64String(golden[name]))!;
        Assert.Equal(Samples[name].GetType(), read.GetType());
        Assert.Equal(Text(Samples[name]), Text(read));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_sample_is_written_with_the_bytes_of_version_3(string name)
    {
        Dictionary<string, string> golden = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(GoldenFile))!;
        Assert.Equal(golden[name], Convert.ToBase64String(Serializer.SerializeToArray(Samples[name])));
    }

    [Fact]
    public void The_file_has_every_sample_and_no_other() => Assert.Equal(
        Samples.Keys, JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(GoldenFile))!.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_sample_is_read_back_as_written(string name) =>
        Assert.Equal(Text(Samples[name]), Text(Serializer.Deserialize<object>(Serializer.SerializeToArray(Samples[name]))!));

    // Covers values that the samples leave out.
    [Fact]
    public void The_stamp_of_a_file_crosses_the_wire()
    {
        var read = (FilePart)Serializer.Deserialize<object>(Serializer.SerializeToArray<object>(new FilePart([1], "3 17")))!;
        Assert.Equal("3 17", read.Stamp);
    }

    [Fact]
    public void The_coordinator_of_a_range_crosses_the_wire()
    {
        RangeOpening sent = new(Ticket, 3, 2, 1, 16, [Place.Silo], new SiloEndpoint("10.0.0.3", 11212));
        var read = (RangeOpening)Serializer.Deserialize<object>(Serializer.SerializeToArray<object>(sent))!;
        Assert.Equal(sent.Coordinator, read.Coordinator);
        Dictionary<string, string> golden = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(GoldenFile))!;
        Assert.Null(((RangeOpening)Serializer.Deserialize<object>(Convert.FromBase64String(golden["RangeOpening"]))!).Coordinator);
    }

    [Fact]
    public void The_strangers_of_a_run_cross_the_wire()
    {
        SiloBeat sent = (SiloBeat)Samples["SiloBeat"] with { Strangers = ["gradients of x are ignored"] };
        var read = (SiloBeat)Serializer.Deserialize<object>(Serializer.SerializeToArray<object>(sent))!;
        Assert.Equal(sent.Strangers, read.Strangers);
    }

    [Fact]
    public void The_exchange_and_the_capacity_of_a_step_cross_the_wire()
    {
        var sent = new Assignment(Plan with { Capacity = 12.5f }, [new TreeNode(1, 0)], Exchange: [1f, -2f, float.NaN]);
        var read = (Assignment)Serializer.Deserialize<object>(Serializer.SerializeToArray<object>(sent))!;
        Assert.Equal(12.5f, read.Plan.Capacity);
        Assert.Equal(sent.Exchange, read.Exchange);
        Dictionary<string, string> golden = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(GoldenFile))!;
        Assert.Null(((Assignment)Serializer.Deserialize<object>(Convert.FromBase64String(golden["Assignment"]))!).Exchange);
    }

    [Fact]
    public void Every_type_on_the_wire_has_an_alias_a_sample_and_an_id_for_each_member()
    {
        Type[] types =
        [
            .. new[] { typeof(GrainsRegistration).Assembly, typeof(SiloBeat).Assembly }.SelectMany(assembly => assembly.GetTypes())
                .Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null),
        ];
        Assert.NotEmpty(types);
        foreach (Type type in types)
        {
            AliasAttribute? alias = type.GetCustomAttribute<AliasAttribute>();
            Assert.True(alias is not null, $"{type} has no alias");
            Assert.True(Samples.Keys.Any(sample => type.Name.StartsWith(sample, StringComparison.Ordinal)), $"{type} has no sample");
            foreach (FieldInfo field in type.GetFields(BindingFlags.Public | BindingFlags.Instance))
                Assert.True(field.GetCustomAttribute<IdAttribute>() is not null, $"{type}.{field.Name} has no id");
            foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.CanWrite))
                Assert.True(HasId(property), $"{type}.{property.Name} has no id");
        }
    }

    // The ids of a positional record's members are on its parameters.
    private static bool HasId(PropertyInfo property) =>
        property.GetCustomAttribute<IdAttribute>() is not null
        || property.DeclaringType!.GetConstructors().SelectMany(constructor => constructor.GetParameters())
            .Any(parameter => parameter.Name == property.Name && parameter.GetCustomAttribute<IdAttribute>() is not null);

    [Fact]
    public void Every_call_of_a_grain_has_an_alias()
    {
        foreach (Type grain in typeof(GrainsRegistration).Assembly.GetTypes()
            .Where(type => type.IsInterface && typeof(IGrain).IsAssignableFrom(type)))
        {
            Assert.True(grain.GetCustomAttribute<AliasAttribute>() is not null, $"{grain} has no alias");
            foreach (MethodInfo method in grain.GetMethods())
                Assert.True(method.GetCustomAttribute<AliasAttribute>() is not null, $"{grain}.{method.Name} has no alias");
        }
    }

    private static string Text(object value) => value switch
    {
        TreeNode node => $"{node.Level}.{node.Index}",
        Assignment assignment => $"{assignment.Plan}: {string.Join(' ', assignment.Nodes.Select(node => Text(node)))}",
        Exception fault => $"{fault.GetType().Name}: {fault.Message}",
        _ => JsonSerializer.Serialize(value, ApiJson.Options),
    };
}
