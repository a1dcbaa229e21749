using Parquet;
using Parquet.Schema;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Pictures;
using VaeCluster.Data.Tables;

namespace VaeCluster.Fuzz.Targets;

/// <summary>Parquet tables of pictures.</summary>
internal sealed class ParquetTarget : FuzzTarget
{
    public override string Name => "parquet";

    public override int Inputs => 2_000;

    public override IReadOnlyList<byte[]> Seeds { get; } = [WriteAsync(isNested: true).GetAwaiter().GetResult(), WriteAsync(isNested: false).GetAwaiter().GetResult()];

    public override IReadOnlyList<string> Words => ["PAR1", "image", "bytes", "label", "\u0015\u0002", "\u0019\u001c"];

    public override void Run(byte[] input)
    {
        ParquetPictures pictures = ParquetPictures.Open(new MemberSpec("parquet"), [Put("a.parquet", input)]);
        _ = pictures.ReadLabels();
        foreach (IReadOnlyList<PictureFile> batch in pictures.Batches(8)) _ = batch.Count;
    }

    private static async Task<byte[]> WriteAsync(bool isNested)
    {
        var bytes = new DataField("bytes", typeof(byte[]), isNullable: true);
        var label = new DataField<long>("label");
        ParquetSchema schema = isNested ? new ParquetSchema(new StructField("image", bytes), label) : new ParquetSchema(bytes, label);
        byte[] picture = PictureSeeds.Png().First();
        using var file = new MemoryStream();
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(schema, file))
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync(bytes, (IReadOnlyCollection<byte[]>)[picture, picture, null!]);
            await group.WriteAsync<long>(label, new ReadOnlyMemory<long>([1, 2, 1]));
        }

        return file.ToArray();
    }
}
