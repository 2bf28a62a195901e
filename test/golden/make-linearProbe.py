# Writes linearProbe.json with numpy and scikit-learn: python3 test/golden/make-linearProbe.py
import numpy as np, json
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score,f1_score,log_loss,confusion_matrix
rng=np.random.default_rng(7); k=4; d=6; M=rng.normal(size=(k,d))*.9
def make(ns):
    y=np.repeat(np.arange(k),ns); return np.round(M[y]+rng.normal(size=(len(y),d)),3), y
X,y=make([12,9,15,6]); T,t=make([20,11,9,14])
out={'train':X.tolist(),'labels':y.tolist(),'test':T.tolist(),'testLabels':t.tolist(),'cases':[]}
def ece(c,h,bins=15):
    e=0
    for b in range(bins):
        lo,hi=b/bins,(b+1)/bins
        m=(c>lo)&(c<=hi) if b else (c>=lo)&(c<=hi)
        if m.any(): e+=m.sum()/len(c)*abs(h[m].mean()-c[m].mean())
    return e
for C in (0.05,10):
  for norm in ('none','l2'):
    A,B=(X,T) if norm=='none' else (X/np.linalg.norm(X,axis=1,keepdims=True),T/np.linalg.norm(T,axis=1,keepdims=True))
    m=LogisticRegression(C=C,tol=1e-12,max_iter=100000,solver='newton-cg').fit(A,y); P=m.predict_proba(B); p=P.argmax(1)
    n=len(t); s=(p==t).sum(); z=1.959963984540054; ph=s/n; ctr=(ph+z*z/2/n)/(1+z*z/n); h=z*np.sqrt(ph*(1-ph)/n+z*z/4/n/n)/(1+z*z/n)
    out['cases'].append(dict(C=C,normalize=norm,accuracy=ph,ci=[ctr-h,ctr+h],balancedAccuracy=balanced_accuracy_score(t,p),macroF1=f1_score(t,p,average='macro'),logLoss=log_loss(t,P),expectedCalibrationError=ece(P.max(1),p==t),counts=confusion_matrix(t,p).ravel().tolist()))
json.dump(out,open('test/golden/linearProbe.json','w'))
