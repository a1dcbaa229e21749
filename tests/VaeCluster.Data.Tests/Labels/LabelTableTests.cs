using System.Text;
using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Labels;
using VaeCluster.Data.Tests.Arrays;

namespace VaeCluster.Data.Tests.Labels;

public sealed class LabelTableTests
{
    [Fact]
    public void One_hot_rows_are_the_place_of_their_one()
    {
        Assert.Equal([1, 0, 2], Of(NpyBytes.Bytes([3, 3], 0, 1, 0, 1, 0, 0, 0, 0, 1)).Classes);
        Assert.Equal([1, 0, 2], Of(NpyBytes.Singles([3, 3], 0, 1, 0, 1, 0, 0, 0, 0, 1)).Classes);
        foreach (byte[] other in (byte[][])[[0, 1, 0, 1, 1, 0, 0, 0, 1], [0, 1, 0, 0, 0, 0, 0, 0, 1], [0, 2, 0, 1, 0, 0, 0, 0, 1]])
            Assert.Contains("labelColumn: 0 to 2", Refused(NpyBytes.Bytes([3, 3], other)), StringComparison.Ordinal);
    }

    [Fact]
    public void Floats_that_are_whole_are_classes()
    {
        Assert.Equal([2, 0, 1], Of(NpyBytes.Doubles([3], 2, 0, 1)).Classes);
        Assert.Equal([2, 0, 1], Of(NpyBytes.Singles([3, 1], 2, 0, 1)).Classes);
        Assert.Contains("whole numbers", Refused(NpyBytes.Doubles([3], 2, 0.5, 1)), StringComparison.Ordinal);
        Assert.Contains("whole numbers", Refused(NpyBytes.Doubles([3], 2, double.NaN, 1)), StringComparison.Ordinal);
        Assert.Contains("0 to 65535", Refused(NpyBytes.Integers([3], 2, -1, 1)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<U5")]
    [InlineData(">U5")]
    [InlineData("|S5")]
    public void Texts_are_numbered_in_natural_order(string descr)
    {
        string[] texts = ["no 10", "no 2", "kø"];
        byte[] data = [.. texts.SelectMany(text => descr[1] == 'S' ? Fill(Encoding.UTF8.GetBytes(text), 5)
            : Fill((descr[0] == '>' ? new UTF32Encoding(bigEndian: true, byteOrderMark: false) : Encoding.UTF32).GetBytes(text), 20))];
        LabelTable labels = Of(NpyBytes.Of(descr, [3], data));
        Assert.Equal(["kø", "no 2", "no 10"], labels.Names!);
        Assert.Equal([2, 1, 0], labels.Classes);
    }

    [Fact]
    public void One_of_several_columns_is_chosen()
    {
        byte[] columns = NpyBytes.Integers([3, 2], 5, 1, 6, 0, 7, 1);
        Assert.Equal([1, 0, 1], Of(columns, ("labelColumn", 1L)).Classes);
        Assert.Equal([5, 6, 7], Of(columns, ("labelColumn", 0L)).Classes);
        Assert.Contains("from 0 to 1", Refused(columns, ("labelColumn", 2L)), StringComparison.Ordinal);
        Assert.Contains("labelColumn", Refused(columns), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_held_out_classes_have_the_numbers_of_training()
    {
        LabelTable training = LabelTable.OfTexts(["a", "b", "c"]), test = LabelTable.OfTexts(["c", "b"]);
        Assert.Equal([2, 1], test.As(training.Names, "t").Classes);
        Assert.Contains("'d' not found", Assert.Throws<BadInputException>(
            () => LabelTable.OfTexts(["d"]).As(training.Names, "t")).Message, StringComparison.Ordinal);
        Assert.Contains("numbers in both", Assert.Throws<BadInputException>(
            () => new LabelTable([1], null).As(training.Names, "t")).Message, StringComparison.Ordinal);
    }

    private static byte[] Fill(byte[] text, int length) => [.. text, .. new byte[length - text.Length]];

    private static LabelTable Of(byte[] file, params (string Name, object Value)[] fields)
    {
        using var stream = new MemoryStream(file);
        var spec = new MemberSpec("npy", fields.ToDictionary(field => field.Name, field => field.Value));
        return LabelTable.Of(spec, Npy.Read(stream, "l.npy"), "l.npy", 3);
    }

    private static string Refused(byte[] file, params (string Name, object Value)[] fields)
    {
        BadInputException fault = Assert.Throws<BadInputException>(() => Of(file, fields));
        Assert.DoesNotContain('\n', fault.Message);
        return fault.Message;
    }
}
