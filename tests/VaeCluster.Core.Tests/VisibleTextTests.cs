namespace VaeCluster.Core.Tests;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("plain text, β-VAE, 数字, 😀", "plain text, β-VAE, 数字, 😀")]
    [InlineData("\u001b[31mred\u0007", "\\u001b[31mred\\u0007")]
    [InlineData("a\u009bb\u007f", "a\\u009bb\\u007f")]
    [InlineData("gnp.\u202etxt", "gnp.\\u202etxt")]
    [InlineData("two\r\nlines\tand a tab", "two lines\\u0009and a tab")]
    public void What_a_terminal_would_obey_is_written_out(string text, string shown) => Assert.Equal(shown, VisibleText.Line(text));

    [Fact]
    public void Half_a_character_is_written_out() => Assert.Equal("half \\ud800 of one", VisibleText.Line("half \ud800 of one"));

    [Fact]
    public void Lines_and_tabs_of_a_table_stay() => Assert.Equal("a\tb\nc\\u001b", VisibleText.Of("a\tb\nc\u001b", keepsLines: true));

    [Fact]
    public void A_long_text_is_cut_and_says_how_long_it_was()
    {
        string shown = VisibleText.Line(new string('x', 2_500_000));
        Assert.EndsWith("x… (2500000 characters)", shown, StringComparison.Ordinal);
        Assert.True(shown.Length < VisibleText.LongestMessage + 50);
    }

    [Fact]
    public void Frames_of_a_stack_trace_are_left_out() => Assert.Equal(
        "the store is away Last fault: refused",
        VisibleText.Line("the store is away\n   at Npgsql.Connector.Open(Boolean async)\n   at Npgsql.Pool.Get()\n--- End of stack trace ---\nLast fault: refused"));

    [Fact]
    public void An_error_is_bounded_and_still_says_what_is_allowed()
    {
        string huge = new('a', 100_000);
        var fault = new BadInputException(huge, huge, huge, "at most 16 parts");
        Assert.EndsWith("at most 16 parts", fault.Message, StringComparison.Ordinal);
        Assert.True(fault.Message.Length < 2000);
        Assert.Equal("\\u001b]0;x.yaml: a\\u001b is 'b\\u001b': none", new BadInputException("\u001b]0;x.yaml", "a\u001b", "b\u001b", "none").Message);
    }
}
