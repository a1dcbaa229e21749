using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VaeCluster.Engine.Managed.Memory;

/// <summary>Transposes [rows, columns] to [columns, rows].</summary>
internal static unsafe class Transposition
{
    /// <summary>Transposes a matrix.</summary>
    /// <param name="from">Element (0, 0).</param>
    /// <param name="fromRow">Elements from one row to the next.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="to">Receives element (row, column) at column·<paramref name="toRow"/> + row.</param>
    /// <param name="toRow">Elements from one row of the result to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run(float* from, nint fromRow, int rows, int columns, float* to, nint toRow)
    {
        int wholeRows = rows & ~3, wholeColumns = Sse.IsSupported ? columns & ~3 : 0;
        for (int column = 0; column < wholeColumns; column += 4)
        {
            float* target = to + (column * toRow);
            for (int row = 0; row < wholeRows; row += 4)
            {
                float* source = from + (row * fromRow) + column;
                Vector128<float> a = Vector128.Load(source), b = Vector128.Load(source + fromRow);
                Vector128<float> c = Vector128.Load(source + (2 * fromRow)), d = Vector128.Load(source + (3 * fromRow));
                Vector128<float> abLow = Sse.UnpackLow(a, b), abHigh = Sse.UnpackHigh(a, b);
                Vector128<float> cdLow = Sse.UnpackLow(c, d), cdHigh = Sse.UnpackHigh(c, d);
                Sse.MoveLowToHigh(abLow, cdLow).Store(target + row);
                Sse.MoveHighToLow(cdLow, abLow).Store(target + toRow + row);
                Sse.MoveLowToHigh(abHigh, cdHigh).Store(target + (2 * toRow) + row);
                Sse.MoveHighToLow(cdHigh, abHigh).Store(target + (3 * toRow) + row);
            }
        }

        Plain(from, fromRow, 0, wholeRows, wholeColumns, columns, to, toRow);
        Plain(from, fromRow, wholeRows, rows, 0, columns, to, toRow);
    }

    private static void Plain(float* from, nint fromRow, int firstRow, int endRow, int firstColumn, int endColumn, float* to, nint toRow)
    {
        for (int column = firstColumn; column < endColumn; column++)
            for (int row = firstRow; row < endRow; row++) to[(column * toRow) + row] = from[(row * fromRow) + column];
    }
}
