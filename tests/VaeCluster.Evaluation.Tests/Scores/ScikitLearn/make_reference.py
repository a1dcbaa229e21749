"""Writes reference.json: scores of synthetic representations by NumPy and scikit-learn. The tests reproduce factors and codes exactly
with the same integer arithmetic (ReferenceCase.cs). Run by hand:  python3 make_reference.py > reference.json
Settings as in disentanglement_lib: 20 bins, LinearSVC(C=0.01, balanced), GradientBoostingClassifier(), Lasso(0.1)."""
import json
import sys
import warnings

import numpy as np
import sklearn
from scipy import stats
from sklearn import ensemble, linear_model, metrics, preprocessing, svm

warnings.filterwarnings("ignore")
SIZES = [3, 6, 8]
LATENT = 5
TRAIN, TEST = 2000, 1000


def words(count, salt):
    """A 32-bit multiplicative hash of the index, equal on every machine."""
    index = np.arange(count, dtype=np.uint64)
    h = (index * np.uint64(2654435761) + np.uint64(salt) * np.uint64(40503) + np.uint64(12345)) % np.uint64(1 << 32)
    h = (h ^ (h >> np.uint64(15))) * np.uint64(2246822519) % np.uint64(1 << 32)
    h = (h ^ (h >> np.uint64(13))) * np.uint64(3266489917) % np.uint64(1 << 32)
    return h ^ (h >> np.uint64(16))


def unit(count, salt):
    return words(count, salt).astype(np.float64) / float(1 << 32) * 2.0 - 1.0


def sample(mixing, noise, count, salt):
    """Factors [n, F], and codes [n, M]: a linear mixing of the factors plus noise, rounded to 1/16."""
    factors = np.stack([(words(count, salt + f) % np.uint64(size)).astype(np.int64) for f, size in enumerate(SIZES)], axis=1)
    codes = np.zeros((count, LATENT))
    for j in range(LATENT):
        for f, size in enumerate(SIZES):
            codes[:, j] += mixing[j][f] * (2.0 * factors[:, f] / (size - 1) - 1.0)
        codes[:, j] += noise * unit(count, salt + 100 + j)
    return factors, np.round(codes * 16.0) / 16.0


def information(codes, factors):
    matrix = np.zeros((LATENT, len(SIZES)))
    for j in range(LATENT):
        bins = np.digitize(codes[:, j], np.histogram(codes[:, j], 20)[1][:-1])
        for f in range(len(SIZES)):
            matrix[j, f] = metrics.mutual_info_score(bins, factors[:, f])
    return matrix


def mig(matrix, factors):
    entropy = np.array([metrics.mutual_info_score(factors[:, f], factors[:, f]) for f in range(len(SIZES))])
    top = np.sort(matrix, axis=0)[::-1]
    return np.mean((top[0] - top[1]) / entropy)


def modularity(matrix):
    squares = matrix ** 2
    largest = squares.max(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        values = 1 - (squares.sum(axis=1) - largest) / (largest * (len(SIZES) - 1))
    values[largest == 0] = 0
    return values.mean()


def gap(matrix):
    top = np.sort(matrix, axis=0)[::-1]
    return np.mean(top[0] - top[1])


def sap(train, test, factors, test_factors):
    matrix = np.zeros((LATENT, len(SIZES)))
    for j in range(LATENT):
        for f in range(len(SIZES)):
            machine = svm.LinearSVC(C=0.01, class_weight="balanced", tol=1e-10, max_iter=1000000, random_state=0)
            machine.fit(train[:, [j]], factors[:, f])
            matrix[j, f] = np.mean(machine.predict(test[:, [j]]) == test_factors[:, f])
    return matrix


def correlations(codes, factors):
    matrix = np.zeros((LATENT, len(SIZES)))
    for j in range(LATENT):
        for f in range(len(SIZES)):
            both = np.cov(codes[:, j], factors[:, f], ddof=1)
            matrix[j, f] = both[0, 1] ** 2 / (both[0, 0] * both[1, 1]) if both[0, 0] > 1e-12 else 0.0
    return matrix


def trees(train, test, factors, test_factors):
    importances = np.zeros((LATENT, len(SIZES)))
    accuracies = []
    for f in range(len(SIZES)):
        model = ensemble.GradientBoostingClassifier(random_state=0).fit(train, factors[:, f])
        importances[:, f] = np.abs(model.feature_importances_)
        accuracies.append(np.mean(model.predict(test) == test_factors[:, f]))
    return importances, accuracies


def spread(matrix):
    """Mean of 1 - normalised entropy of the rows, weighted by their sums."""
    per_row = 1 - stats.entropy(matrix.T + 1e-11, base=matrix.shape[1])
    return np.sum(per_row * matrix.sum(axis=1) / matrix.sum())


def explicitness(train, test, factors, test_factors):
    scaler = preprocessing.StandardScaler().fit(train)
    areas = []
    for f in range(len(SIZES)):
        model = linear_model.LogisticRegression(tol=1e-8, max_iter=100000).fit(scaler.transform(train), factors[:, f])
        labels = np.eye(SIZES[f])[test_factors[:, f]]
        areas.append(metrics.roc_auc_score(labels, model.predict_proba(scaler.transform(test))))
    return areas


def robustness(codes, factors):
    codes = codes[:, codes.var(axis=0) > 0]
    largest = np.max(np.abs(codes - codes.mean(axis=0)), axis=0)
    deviations = np.zeros((codes.shape[1], len(SIZES)))
    for f in range(len(SIZES)):
        values = np.unique(factors[:, f])
        for value in values:
            group = codes[factors[:, f] == value]
            deviations[:, f] += np.quantile(np.abs(group - group.mean(axis=0)), q=0.99, axis=0) / len(values)
    return np.average((1 - deviations / largest[:, None]).max(axis=1), weights=largest)


def ranking(models, kls, similarity):
    columns = [preprocessing.StandardScaler().fit_transform(model) for model in models]
    scores = np.zeros((len(models), len(models)))
    for a in range(len(models)):
        for b in range(len(models)):
            if a == b:
                continue
            if similarity == "lasso":
                matrix = np.abs(linear_model.Lasso(alpha=0.1, tol=1e-12, max_iter=100000).fit(columns[a], columns[b]).coef_).T
            else:
                matrix = np.array([[abs(stats.spearmanr(columns[a][:, i], columns[b][:, j])[0]) for j in range(LATENT)] for i in range(LATENT)])
            matrix = matrix[np.array(kls[a]) > 0.01][:, np.array(kls[b]) > 0.01]
            with np.errstate(invalid="ignore", divide="ignore"):
                by_column = np.mean(np.nan_to_num(matrix.max(axis=0) ** 2 / matrix.sum(axis=0)))
                by_row = np.mean(np.nan_to_num(matrix.max(axis=1) ** 2 / matrix.sum(axis=1)))
            scores[a, b] = (by_column + by_row) / 2
    return [float(np.median(np.delete(scores[:, b], b))) for b in range(len(models))]


def case(name, mixing, noise, salt):
    factors, train = sample(mixing, noise, TRAIN, salt)
    test_factors, test = sample(mixing, noise, TEST, salt + 1000)
    matrix = information(train, factors)
    importances, accuracies = trees(train, test, factors, test_factors)
    return {
        "name": name, "mixing": mixing, "noise": noise, "salt": salt,
        "information": matrix.tolist(), "mig": mig(matrix, factors), "modularity": modularity(matrix),
        "sap": gap(sap(train, test, factors, test_factors)), "sapContinuous": gap(correlations(train, factors)),
        "disentanglement": spread(importances), "completeness": spread(importances.T), "accuracies": accuracies,
        "explicitness": explicitness(train, test, factors, test_factors), "robustness": robustness(train, factors),
    }


def main():
    copied = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0], [0, 0, 0]]
    rotated = [[0.8, 0.6, 0], [-0.6, 0.8, 0], [0, 0.6, 0.8], [0.5, -0.5, 0.5], [0, 0, 0]]
    doubled = [[1, 0, 0], [1, 0, 0], [0, 1, 0.3], [0, 0.3, 1], [0.2, 0, 0]]
    nothing = [[0, 0, 0]] * 5
    cases = [
        case("copied, noise beside", copied, 0.125, 1), case("rotated", rotated, 0.125, 5001),
        case("doubled and mixed", doubled, 0.5, 9001), case("noise alone", nothing, 1.0, 13001),
    ]
    permuted = [copied[2], copied[0], copied[1], copied[3], copied[4]]
    models = [sample(mixing, 0.25, 1000, 20001)[1] for mixing in (copied, permuted, rotated)]
    kls = [[1, 1, 1, 0.001, 0.02], [2, 1, 1, 0.01, 0.001], [1, 1, 1, 1, 0.005]]
    json.dump({
        "versions": f"scikit-learn {sklearn.__version__}, NumPy {np.__version__}", "cases": cases,
        "ranking": {"kls": kls, "lasso": ranking(models, kls, "lasso"), "spearman": ranking(models, kls, "spearman")},
    }, sys.stdout, indent=1)
    sys.stdout.write("\n")


main()
