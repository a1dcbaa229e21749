using VaeCluster.Service.Runs;

namespace VaeCluster.Service.Tests.Runs;

public sealed class RunMessagesTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("it failed at step 3.5 (twice)\r\nand again", "it failed at step 3.5 (twice) and again")]
    [InlineData("Boom\n   at System.A.B[T](Int32 x, String y) in /src/a.cs:line 12\n   at A.<>c__DisplayClass1_0.<M>b__0()\n--- End of stack trace from previous location ---\n   at Z.Q()",
        "Boom")]
    [InlineData("cannot attach: Exc level 0: System.X: no    at Orleans.Runtime.Foo.Bar(Object o)    at Orleans.Y.Z() end",
        "cannot attach: Exc level 0: System.X: no end")]
    [InlineData("red \u001b[31m text\u0007", "red [31m text")]
    public void A_message_is_one_line_without_call_stacks(string message, string expected) =>
        Assert.Equal(expected, RunMessages.OneLine(message));

    [Fact]
    public void A_long_message_is_cut() => Assert.Equal(new string('x', 500) + "…", RunMessages.OneLine(new string('x', 2_500_000)));
}
