using VaeCluster.Core.Specs;

namespace VaeCluster.Data;

/// <summary>One choice of <c>data.dataset</c>: its fields in the run file, and how it is opened.</summary>
/// <param name="Member">Name, summary and fields.</param>
/// <param name="Open">Opens the data; throws <see cref="Core.BadInputException"/>, which names the file with the error.</param>
public sealed record DatasetKind(Member Member, Func<MemberSpec, DatasetPair> Open);
