using VaeCluster.Core;
using VaeCluster.Core.Specs;

namespace VaeCluster.Data.Downloads;

/// <summary>The public datasets that can be downloaded. To add one, add an entry here with published hashes.</summary>
public static class DownloadSets
{
    private const string IdxRunFile = "data: {{ dataset: mnist, path: {0} }}";
    private const string DSpritesFile = "dsprites_ndarray_co1sh3sc6or40x32y32_64x64.npz";

    /// <summary>All sets.</summary>
    public static IReadOnlyList<DownloadSet> All { get; } =
    [
        Idx(
            "mnist", "handwritten digits, 28×28 grey, 60,000 and 10,000 (LeCun et al. 1998)",
            ["https://storage.googleapis.com/cvdf-datasets/mnist/", "https://ossci-datasets.s3.amazonaws.com/mnist/"],
            ContentHash.Sha256,
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        Idx(
            "fashion-mnist", "articles of clothing, 28×28 grey, 60,000 and 10,000 (Xiao et al. 2017)",
            [
                "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
                "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
            ],
            ContentHash.Sha256OfServed,
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
        Idx(
            "kmnist", "handwritten Hiragana, 28×28 grey, 60,000 and 10,000 (Clanuwat et al. 2018)",
            ["http://codh.rois.ac.jp/kmnist/dataset/kmnist/"],
            ContentHash.Sha256OfServed,
            "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
            "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
            "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
            "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"),
        new(
            "dsprites", "the dSprites archive, 64×64, 737,280 (Matthey et al. 2017); the dataset dsprites draws the same images without it",
            [
                new DownloadFile(
                    DSpritesFile,
                    [
                        new Uri($"https://github.com/google-deepmind/dsprites-dataset/raw/master/{DSpritesFile}"),
                        new Uri($"https://github.com/deepmind/dsprites-dataset/raw/master/{DSpritesFile}"),
                    ],
                    ContentHash.Md5("7da33b31b13a06f4b04a70402ce90c2e"), 1L << 26),
            ],
            "data: {{ dataset: npz, path: {0}/" + DSpritesFile + " }}"),
    ];

    /// <summary>The set with a given name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="BadInputException">No set has this name.</exception>
    public static DownloadSet Find(string name)
    {
        string[] names = [.. All.Select(set => set.Name)];
        return All.FirstOrDefault(set => set.Name == name)
            ?? throw new BadInputException("NAME", null, name, $"one of {string.Join(", ", names)}{NearestName.Hint(name, names)}");
    }

    private static DownloadSet Idx(
        string name, string summary, string[] servers, Func<string, ContentHash> hash,
        string trainImages, string trainLabels, string testImages, string testLabels)
    {
        return new DownloadSet(
            name, summary,
            [
                File("train-images-idx3-ubyte", trainImages, (60_000 * 28 * 28) + 16), File(
                    "train-labels-idx1-ubyte", trainLabels, 60_000 + 8),
                File("t10k-images-idx3-ubyte", testImages, (10_000 * 28 * 28) + 16), File("t10k-labels-idx1-ubyte", testLabels, 10_000 + 8),
            ],
            IdxRunFile);

        DownloadFile File(string file, string hex, long length) =>
            new(file, [.. servers.Select(server => new Uri($"{server}{file}.gz"))], hash(hex), length);
    }
}
