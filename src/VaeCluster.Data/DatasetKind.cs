using VaeCluster.Core.Specs;

namespace VaeCluster.Data;

/// <summary>One choice of <c>data.dataset</c>: what a run file may say about it, and how it is opened.</summary>
/// <param name="Member">Name, summary and fields.</param>
/// <param name="Open">
/// Opens the data that the fields name; it throws <see cref="Core.BadInputException"/> with the file at fault.
/// </param>
public sealed record DatasetKind(Member Member, Func<MemberSpec, DatasetPair> Open);
