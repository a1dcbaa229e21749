using System.Text;
using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Core.Random;

namespace VaeCluster.Core.Tests.Specs;

public sealed class RunFileFaultTests
{
    private const string Short = "data: { dataset: dsprites }\nmodel: { architecture: mlp }\n";

    [Theory]
    [InlineData(
        "training: { shards: 3 }",
        "run.yaml:3: training.shards is '3': a power of two that divides the batch of 128 (1, 2, 4, 8, 16, 32, 64, 128)")]
    [InlineData(
        "training: { batch: 6, shards: 4 }", "run.yaml:3: training.shards is '4': a power of two that divides the batch of 6 (1, 2)")]
    [InlineData("training:\n  epochs: 0", "run.yaml:4: training.epochs is '0': a whole number of at least 1")]
    [InlineData("training: { epochs: 1.5 }", "run.yaml:3: training.epochs is '1.5': a whole number of at least 1")]
    [InlineData("training: { epochs: ten }", "run.yaml:3: training.epochs is 'ten': a whole number of at least 1")]
    [InlineData("training: { epochs: \"10\" }", "run.yaml:3: training.epochs is '\"10\"': a whole number of at least 1")]
    [InlineData("training: { epochs: [1] }", "run.yaml:3: training.epochs is '[1]': a whole number of at least 1")]
    [InlineData("training: { learningRate: 0 }", "run.yaml:3: training.learningRate is '0': a number above 0 and up to 1000000")]
    [InlineData("training: { learningRate: .nan }", "run.yaml:3: training.learningRate is '.nan': a number above 0 and up to 1000000")]
    [InlineData("training: { learningRate: NaN }", "run.yaml:3: training.learningRate is 'NaN': a number above 0 and up to 1000000")]
    [InlineData("training: { clipNorm: 1e999 }", "run.yaml:3: training.clipNorm is '1e999': a number above 0")]
    [InlineData("training: { clipNorm: .inf }", "run.yaml:3: training.clipNorm is '.inf': a number above 0")]
    [InlineData("training: { seed: 9223372036854775808 }", "run.yaml:3: training.seed is '9223372036854775808': a whole number")]
    [InlineData(
        "training: { nonFinite: stpo }", "run.yaml:3: training.nonFinite is 'stpo': one of stop, skip, halve; did you mean 'stop'?")]
    [InlineData(
        "training: { optimizer: admaw }",
        "run.yaml:3: training.optimizer is 'admaw': one of adam, adamw, sgd, rmsprop, adagrad; did you mean 'adamw'?")]
    [InlineData("training: { momentum: 0.9 }", "run.yaml:3: training.momentum: belongs to sgd, rmsprop, not to adam")]
    [InlineData("training: { optimizer: sgd, nesterov: yes }", "run.yaml:3: training.nesterov is 'yes': true or false")]
    [InlineData("training: { lerningRate: 1 }", "run.yaml:3: training.lerningRate: unknown field; did you mean 'learningRate'?")]
    [InlineData(
        "training: { schedule: { kind: step } }",
        "run.yaml:3: training.schedule.every: is missing: a whole number of at least 1 (steps between two decays)")]
    [InlineData(
        "training: { schedule: { kind: step, evry: 3 } }", "run.yaml:3: training.schedule.evry: unknown field; did you mean 'every'?")]
    [InlineData(
        "training: { schedule: { kind: cosine, gamma: 3 } }", "run.yaml:3: training.schedule.gamma: belongs to step, not to cosine")]
    [InlineData("training: fast", "run.yaml:3: training is 'fast': a map of fields, for example 'training: { optimizer: … }'")]
    [InlineData("trainin: {}", "run.yaml:3: trainin: unknown section; did you mean 'training'?")]
    [InlineData("name: { a: 1 }", "run.yaml:3: name is '{ a: 1 }': a single line of text")]
    [InlineData("name: a\nname: b", "run.yaml:4: name: appears twice")]
    [InlineData("name: *anchor", "run.yaml:3: the YAML alias '*anchor' has no anchor '&anchor' before it")]
    [InlineData("training: &t { seed: *t }", "run.yaml:3: the YAML alias '*t' has no anchor '&t' before it")]
    [InlineData("training: { <<: 3 }", "run.yaml:3: << is '3': an alias of a map, for example '<<: *base'")]
    [InlineData(
        "training:\n  epochs:\n  batch: 4",
        "run.yaml:4: training.epochs: has no value; give one (a whole number of at least 1), or leave the field out for its default")]
    [InlineData(
        "training: { optimizer: }", "run.yaml:3: training.optimizer: has no value: one of adam, adamw, sgd, rmsprop, adagrad")]
    [InlineData("training: { schedule: { kind: } }", "run.yaml:3: training.schedule.kind: has no value: one of constant, step, cosine")]
    [InlineData(
        "training: { schedule: { kind: step, every: } }",
        "run.yaml:3: training.schedule.every: has no value; give one (a whole number of at least 1)")]
    [InlineData("name:", "run.yaml:3: name: has no value; give one, or leave the field out for its default")]
    [InlineData(
        "training:\n\tepochs: 3", "run.yaml:4: is not valid YAML: the line is indented with a tab; YAML takes only spaces there")]
    [InlineData(
        "training:\n  batch: 4\n\tepochs: 3\n  seed: 1",
        "run.yaml:5: is not valid YAML: the line is indented with a tab; YAML takes only spaces there")]
    [InlineData(
        "training:\n  batch: 4\n  \tepochs: 3",
        "run.yaml:5: is not valid YAML: the line is indented with a tab; YAML takes only spaces there")]
    [InlineData("name: !!str a", "run.yaml:3: YAML tags ('!name') are not supported")]
    [InlineData("---\nname: b", "run.yaml:3: has a second YAML document; only one is allowed")]
    public void An_error_names_line_field_value_and_what_is_allowed(string lines, string message)
    {
        Assert.Equal(message, Assert.Throws<BadInputException>(() => TestVocabulary.Parse(Short + lines)).Message);
    }

    [Theory]
    [InlineData("data: { dataset: dsprites, validation: 1 }", "data.validation is '1': a number from 0 and below 1")]
    [InlineData("data: { dataset: dsprites, validation: -0.1 }", "data.validation is '-0.1': a number from 0 and below 1")]
    [InlineData("data: { dataset: dsprites, strides: { z: 1 } }", "data.strides.z: unknown key; allowed keys are x, y")]
    [InlineData("data: { dataset: dsprites, strides: { x: 0 } }", "data.strides.x is '0': a whole number from 1 to 40")]
    [InlineData("data: { dataset: mnist, path: }", "data.path: has no value; give one (the path of a file or folder)")]
    [InlineData("data: { dataset: }", "data.dataset: has no value: one of mnist, dsprites")]
    [InlineData("data: { dataset: mnist }", "data.path: is missing: the path of a file or folder (the folder)")]
    [InlineData("data: { dataset: dsprites, path: x }", "data.path: belongs to mnist, not to dsprites")]
    [InlineData("data: { binarize: none }", "data.dataset: is missing: one of mnist, dsprites")]
    public void Errors_in_the_data_section(string data, string message)
    {
        var fault = Assert.Throws<BadInputException>(() => TestVocabulary.Parse(data + "\nmodel: { architecture: mlp }"));
        Assert.Equal("run.yaml:1: " + message, fault.Message);
    }

    [Theory]
    [InlineData("model: { architecture: mlp, latent: \"10\" }", "model.latent is '\"10\"': a whole number from 1 to 65536")]
    [InlineData(
        "model: { architecture: mlp, hidden: 400 }",
        "model.hidden is '400': a list of whole numbers from 1 to 65536, for example [400, 200]")]
    [InlineData(
        "model: { architecture: mlp, hidden: [400, 0] }",
        "model.hidden[1] is '0': a list of whole numbers from 1 to 65536, for example [400, 200]")]
    [InlineData("model: { architecture: mlp, sigma: 1 }", "model.sigma: belongs to gaussian-fixed, not to bernoulli")]
    [InlineData("model: { architecture: mpl }", "model.architecture is 'mpl': one of mlp, conv; did you mean 'mlp'?")]
    [InlineData(
        "model: { architecture: conv, layers: [{ channels: 4, stride: 2 }] }",
        "model.layers[0].stride: unknown key; allowed keys are channels, kernel")]
    public void Errors_in_the_model_section(string model, string message)
    {
        var fault = Assert.Throws<BadInputException>(() => TestVocabulary.Parse("data: { dataset: dsprites }\n" + model));
        Assert.Equal("run.yaml:2: " + message, fault.Message);
    }

    [Theory]
    [InlineData("objective.beta=four", "--set objective.beta is 'four': a number from 0 to 1000000")]
    [InlineData("objective.bate=4", "--set objective.bate: unknown field; did you mean 'beta'?")]
    [InlineData(
        "objective.schedule={ kind: linear, steps: 0 }",
        "--set objective.schedule: objective.schedule.steps is '0': a whole number of at least 1")]
    [InlineData(
        "training.shards=3", "--set training.shards is '3': a power of two that divides the batch of 128 (1, 2, 4, 8, 16, 32, 64, 128)")]
    [InlineData("objective.beta", "--set is 'objective.beta': expected field=value, for example objective.beta=4")]
    [InlineData("=4", "--set is '=4': expected field=value, for example objective.beta=4")]
    [InlineData("a..b=4", "--set is 'a..b=4': expected field=value, for example objective.beta=4")]
    [InlineData("nmae=4", "--set nmae: unknown section; did you mean 'name'?")]
    public void An_error_in_an_override_names_it(string set, string message)
    {
        Assert.Equal(message, Assert.Throws<BadInputException>(() => TestVocabulary.Parse(Short, set)).Message);
    }

    [Theory]
    [InlineData("", "run.yaml: is empty")]
    [InlineData("# nothing", "run.yaml: is empty")]
    [InlineData("- a", "run.yaml:1 is '[a]': expected a map of sections")]
    [InlineData("a: [1, 2", "is not valid YAML")]
    [InlineData("a: 1\n\tb: 2", "is not valid YAML")]
    [InlineData("{ [a]: 1 }", "a key must be a single word")]
    public void Text_that_is_not_a_map_of_sections_is_refused(string text, string begin) =>
        Assert.Contains(begin, Assert.Throws<BadInputException>(() => TestVocabulary.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Aliases_that_expand_to_a_large_file_are_refused()
    {
        var text = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x]\n");
        for (char c = 'b'; c <= 'i'; c++) text.Append(c).Append(": &").Append(c).Append(" [")
            .AppendJoin(", ", Enumerable.Repeat($"*{(char)(c - 1)}", 9)).Append("]\n");
        var fault = Assert.Throws<BadInputException>(() => TestVocabulary.Parse(text.ToString()));
        Assert.StartsWith("run.yaml:", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith("its YAML aliases expand to more than 20000 values", fault.Message, StringComparison.Ordinal);

        // Nesting by aliases is nesting, too.
        text.Clear().Append("a: &a [x]\n");
        for (int i = 1; i < 20; i++) text.Append($"b{i}: &{(char)('a' + i)} [*{(char)('a' + i - 1)}]\n");
        Assert.Contains("nested deeper", Assert.Throws<BadInputException>(
            () => TestVocabulary.Parse(text.ToString())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("training.epochs=", "--set training.epochs: has no value; give one (a whole number of at least 1)")]
    [InlineData("training={ epochs: }", "--set training: training.epochs: has no value; give one (a whole number of at least 1)")]
    public void An_empty_value_of_an_override_is_refused(string set, string begin) => Assert.StartsWith(
        begin, Assert.Throws<BadInputException>(() => TestVocabulary.Parse(Short, set)).Message, StringComparison.Ordinal);

    [Fact]
    public void Deep_nesting_is_refused_before_it_exhausts_the_stack()
    {
        var fault = Assert.Throws<BadInputException>(() => TestVocabulary.Parse("a: " + new string('[', 500_000)));
        Assert.Contains("nested deeper", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_are_one_line_whatever_the_file_contains()
    {
        const string Alphabet = "abz:{}[],-?&*!|>'\"%@`#\n\n  \t\\=.0179~\u00e9\u2028\ud83d";
        Check.QuickThrowOnFailure(Prop.ForAll<uint>(seed =>
        {
            var random = new RandomSequence(new RandomStream(seed, RandomPurpose.Score, 0, 0));
            var text = new StringBuilder(Short + "training: { epochs: 3 }\n");
            for (int edits = 1 + random.Below(8); edits > 0; edits--)
                text.Insert(random.Below(text.Length), Alphabet[random.Below(Alphabet.Length)]);
            try
            {
                TestVocabulary.Parse(text.ToString());
                return true;
            }
            catch (BadInputException fault)
            {
                return !fault.Message.Contains('\n', StringComparison.Ordinal);
            }
        }));
    }
}
